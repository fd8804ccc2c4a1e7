"""The names under which a session keeps something, apart from its widgets."""

GOING_TO = "going-to"
"""A ticket on its way to becoming a cookie: the form that made it is not drawn again meanwhile."""

DEMO_ACCOUNTS = "demo-accounts"
"""The accounts of the made-up team just loaded, whose passwords are shown once."""

QUESTION = "question"
"""Which dialog is open, and the id of what it is about."""

NOTICE, WENT_WRONG = "notice", "went-wrong"
"""What came of the last action, until it is said; and why it was refused in this run."""

UNDOABLE, UNDONE_AT = "undoable", "undone-at"
"""What was done one after the other and can be taken back; and when the last of it was."""

OPERATIONS = "operations"
"""By the name of a form: the key of what it will do, until that is done."""

ACCOUNT, SIGNING_OUT = "account", "signing-out"
"""The dialog about one's own password and sessions is open; or that which asks before signing out."""

POLICY_TRIED = "policy-tried"
"""Terms that were written and are looked at before they are put in force, by name."""

POLICY_LOOKED_AT = "policy-looked-at"
"""The policy over which they were looked at last; and since when, where another was before it."""

LINK_MADE = "link-made"
"""A link to choose a password by, just made: whose it is, and the link. It is shown once, and stored nowhere else."""

OPEN_ROW, OPEN_PLACE = "open", "open-place"
"""The row of Today that is open, by its promise, and which one of the rows it is."""

TO_APPEAR, APPEARED = "to-appear", "appeared"
"""Another row is open since the last touch, and was not drawn yet; and by its promise when it was."""

ROWS, MEETINGS_SHOWN = "rows", "meetings-shown"
"""How many rows of a section are shown, and how many of the day's meetings."""

WORDS_FOR = "words-for"
"""The promise whose words stand in the field of the open row."""

LANGUAGE_OF = "language-of"
"""In which language the words to somebody are drafted, by their id, where that was changed."""

GOING_OUT = "going-out"
"""Words on their way out: to be copied, or into the mail program."""

WRITTEN, LEFT_WRITTEN = "written", "left-written"
"""The fields in which something may be written that is not saved; and what stood there when the session ended, or the
link to somebody's own page."""

UNSENT = "unsent"
"""The row whose words were refused, and the words: they stay where the row itself has gone."""

PRESSED_AT = "pressed-at-{}"
"""When a row of a list was last decided, by what the button says."""

JUST_LOGGED = "kept"
"""The promise a word was just logged for, what takes that back, and when it was."""

LOGGED_AT = "logged-at"
"""When a word was last logged on a person's page: the empty form has come under the pointer since."""

NOT_LOGGED = "not-logged"
"""The form in which a word was to be logged, and what it lacks: said at its fields until it is pressed again."""

PEOPLE_DRAWN, PEOPLE_CELLS = "people-drawn", "people-cells"
"""Beside its grid, the list of people as that was drawn; and what is changed in it, by person and column."""

PEOPLE_SAVED, PEOPLE_SAVE_PRESSED = "times-saved", "people-save-pressed"
"""How often its changes were saved or dropped, each of which makes a new grid; and, beside it, in which grid “Save” was
pressed last, when, and the cells that were saved by it."""

PERSON_OPENING = "opening-person"
"""Who was opened from the grid, until their page is."""

CHARTS_CLEARED = "times-cleared"
"""How often what was clicked in the chart was cleared."""

PLACE = "place"
"""The path of the page that was run last."""

CHOICES = "choices"
"""What lists are narrowed to, each by its name in the address."""

CLASHES, TIMES_LET_GO = "clashes", "times-let-go"
"""Begins the key, before the name of a form, of what somebody else has saved of what is being written in it, until it
is said which stands; and by the name of a form, how often what was typed in it was let go."""

ADDING, LOOKED_AT = "adding", "looked-at"
"""Somebody is being added; and what was typed when those who may be the same were shown."""

IMPORT_DRAFT, IMPORT_GONE = "import-draft", "import-gone"
"""The list that was uploaded and is looked at; and that the one in the address is no longer kept."""

IMPORT_BRINGING, IMPORT_TROUBLE = "bringing", "import-trouble"
"""The list on its way into the store; and why it did not come in."""

IMPORT_READING = "import-reading"
"""What reads a long list in the run that follows, which draws nothing else."""

IMPORT_ACCOUNT_OF = "import-account-of"
"""The messages chosen out of a zip, which do not tell whose they are."""

IMPORT_REST = "import-rest"
"""What else is in the file of the list that has just come in."""

FILES_SEEN = "files-seen"
"""How many lists were looked at: the uploader is made anew for each."""

UNDOING = "undoing-import"
"""The import that is about to be taken back."""

OPENING = "opening-from-import"
"""The person whose row was just clicked."""

MERGING, LEAVING_MERGE = "merging", "leaving-merge"
"""Two who are being merged with the versions that were looked at; whose page comes after, or 0: the queue."""

ROW_OPENED = "row-opened"
"""The page that is gone to, and the id there: the row whose "Open" was just clicked."""

STAY_OFFERED = "stay-offered"
"""Why some of those just accepted stay offered: whoever accepts has another meeting then."""

BOARD_ANSWERS = "board-answers"
"""How many moves of cards were answered, done or refused: by that the board knows that its last one was."""

COMING_IN = "coming-in"
"""Who is to be brought into an opening, as chosen so far: ids and names."""

NAMED_IN = "named-in"
"""A request to be forgotten, by its id, and where others wrote of whoever asked; only while its dialog is open."""

REQUEST_OF = "request-of"
"""Whose request is being noted: their id and name, and what they ask."""

TO_ERASE = "to-erase"
"""Who was ticked of those kept long enough; none: all of them."""

OWN_PAGE_SAID = "own-page-said"
"""What came of what a candidate did on their own page, by the name of its text."""

OWN_LINK = "own-link"
"""A link to somebody's own page that was just made, with whose it is: shown once."""

REFUSED = "refused"
"""Pages that were asked for and are not for this member: each is put on record once."""

TRAIL_ASKED = "trail-asked"
"""What the trail was narrowed to last: whoever asks for something else begins at the newest."""
