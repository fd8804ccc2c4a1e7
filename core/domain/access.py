"""Who may do what: every page, command, address and terminal command, each with the least somebody must be.

What is not here is nobody's. The front door shows no such page, and a test fails until it is placed; the same tests
drive everything here as a visitor, a viewer, a recruiter, an admin and a member who has left.
"""

from enum import IntEnum


class Least(IntEnum):
    """Each may do what those before may."""

    VISITOR = 0
    """Nobody signed in."""
    VIEWER = 1
    RECRUITER = 2
    ADMIN = 3
    NOBODY = 4
    """No member: the program itself, or a command that asks first and has this for a part."""


VISITOR, VIEWER, RECRUITER, ADMIN, NOBODY = Least

PAGES = {
    "set-up": VISITOR,  # to the link in the console
    "new-password": VISITOR,  # to the link an admin made
    "own-page": VISITOR,  # to the link a candidate was given
    "today": VIEWER,
    "candidates": VIEWER,
    "candidate": VIEWER,
    "pool": VIEWER,
    "growth": VIEWER,
    "referrals": VIEWER,
    "duplicates": VIEWER,
    "merge": VIEWER,
    "recommendation": VIEWER,
    "pipelines": VIEWER,
    "clients": VIEWER,
    "client": VIEWER,
    "opening": VIEWER,
    "closing": VIEWER,
    "news": VIEWER,
    "team": VIEWER,
    "policy": VIEWER,
    "privacy": VIEWER,
    "handover": VIEWER,
    "drafts": VIEWER,
    "imports": VIEWER,
    "insights": VIEWER,
    "skills": VIEWER,
    "audit": ADMIN,
    "backups": ADMIN,
}
"""By their address."""

ADDRESSES = {
    "/auth/session": VISITOR,  # for a ticket
    "/auth/logout": VISITOR,
    "/setup/{secret}": VISITOR,
    "/password/{secret}": VISITOR,
    "/own/{token}": VISITOR,
    "/own-data": VISITOR,  # to the link a candidate was given, once the team has put it there
    "/healthz": VISITOR,
    "/{address:deep}": VISITOR,  # of no page
    "/media/": VIEWER,
    "/_stcore/upload_file/": VIEWER,
    "/_stcore/metrics": NOBODY,
    "/_stcore/agent": NOBODY,
    "/_stcore/script-health-check": NOBODY,
}
"""Those of the server that are no page; of one that ends in a slash, or is Streamlit's, everything below it."""

BY_LINK = (
    "own_page.open_own_page",
    "own_page.ask",
    "own_page.ask_for",
    "own_page.fetch_own_data",
    "own_page.confirm_claim",
    "own_page.correct_claim",
    "own_page.score",
    "own_page.renew_consent",
    "own_page.withdraw_own_consent",
)
"""Commands of whoever holds the link to their own page, and of no member."""

COMMANDS = {
    **dict.fromkeys(BY_LINK, NOBODY),
    "backups.note_backup": ADMIN,
    "backups.note_restore": ADMIN,
    "board.move_on_board": RECRUITER,
    "board.bring_in": RECRUITER,
    "candidates.add_candidate": RECRUITER,
    "candidates.edit_candidates": RECRUITER,
    "candidates.set_rhythm": RECRUITER,
    "candidates.keep_quiet_until": RECRUITER,
    "candidates.hand_over": RECRUITER,
    "candidates.hand_over_people": RECRUITER,
    "candidates.erase_candidate": ADMIN,
    "candidates.add_handles": NOBODY,
    "candidates.add_skills": NOBODY,
    "clients.add_client": RECRUITER,
    "clients.take_back_client": RECRUITER,
    "clients.edit_client": RECRUITER,
    "clients.set_people": RECRUITER,
    "consents.give_consent": RECRUITER,
    "consents.withdraw_consent": RECRUITER,
    "consents.forbid_contact": RECRUITER,
    "consents.allow_contact": RECRUITER,
    "contacts.hear_client": RECRUITER,
    "contacts.log_contact": RECRUITER,
    "duplicates.say_not_the_same": RECRUITER,
    "duplicates.undo_not_the_same": RECRUITER,
    "duplicates.remember_not_same": RECRUITER,
    "growth.note_growth": RECRUITER,
    "growth.note_what_came_of_it": RECRUITER,
    "growth.undo_what_came_of_it": RECRUITER,
    "growth.mark_beginner": RECRUITER,
    "handovers.offer_people": RECRUITER,
    "handovers.note_for_receiver": RECRUITER,
    "handovers.withdraw_offer": RECRUITER,
    "handovers.offer_again": RECRUITER,
    "handovers.accept_people": RECRUITER,
    "handovers.accept": RECRUITER,
    "handovers.decline_people": RECRUITER,
    "handovers.undo_declining": RECRUITER,
    "handovers.take_back_people": RECRUITER,
    "imports.begin_batch": RECRUITER,
    "imports.bring_in": RECRUITER,
    "imports.undo_import": RECRUITER,
    "lists.import_list": RECRUITER,
    "mappings.remember_mapping": RECRUITER,
    "meetings.cancel_meetings": RECRUITER,
    "meetings.change_host": RECRUITER,
    "meetings.edit_meeting": RECRUITER,
    "meetings.plan_meeting": RECRUITER,
    "meetings.record_meeting": RECRUITER,
    "meetings.move_meeting": RECRUITER,
    "meetings.note_outcome": RECRUITER,
    "meetings.refuse_clash_again": NOBODY,
    "meetings.clash_of": NOBODY,
    "members.add_member": ADMIN,
    "members.invite_member": ADMIN,
    "members.rename_member": ADMIN,
    "members.reset_password": ADMIN,
    "members.end_sessions": ADMIN,
    "members.put_password": NOBODY,  # by whoever knows the old one, or has the link
    "members.set_password": ADMIN,  # but their own, whoever they are
    "members.change_role": ADMIN,
    "members.deactivate_member": ADMIN,
    "members.undo_departure": NOBODY,  # undone with its fact: by admins
    "merges.merge_candidates": RECRUITER,
    "merges.undo_merge": RECRUITER,
    "openings.add_opening": RECRUITER,
    "openings.take_back_opening": RECRUITER,
    "openings.add_needs": RECRUITER,
    "openings.take_needs_back": RECRUITER,
    "openings.edit_opening": RECRUITER,
    "openings.arrange_stages": RECRUITER,
    "openings.end_opening": RECRUITER,
    "openings.save_stage_template": RECRUITER,
    "openings.delete_stage_template": RECRUITER,
    "openings.hold_opening": RECRUITER,
    "openings.resume_opening": RECRUITER,
    "openings.tell_everybody": RECRUITER,
    "openings.show_candidates": RECRUITER,
    "openings.settle_opening": NOBODY,
    "openings.everybody_ever_in": NOBODY,
    "own_page.give_own_page": RECRUITER,
    "own_page.revoke_own_page": RECRUITER,
    "placements.record_placement": RECRUITER,
    "placements.move_first_day": RECRUITER,
    "placements.end_placement": RECRUITER,
    "policy.set_cadence": RECRUITER,
    "policy.set_answer_time": RECRUITER,
    "policy.change_policy": ADMIN,
    "policy.set_retention": ADMIN,
    "policy.ensure_first_policy": NOBODY,
    "policy.undo_policy": NOBODY,  # undone with its fact: by admins
    "privacy.open_request": RECRUITER,
    "privacy.withdraw_request": RECRUITER,
    "privacy.note_given": RECRUITER,
    "privacy.put_on_own_page": RECRUITER,
    "privacy.take_out_data": RECRUITER,
    "privacy.reopen_request": RECRUITER,
    "privacy.take_longer": RECRUITER,
    "privacy.take_off_own_page": RECRUITER,
    "privacy.take_no_longer": RECRUITER,
    "privacy.erase_as_asked": ADMIN,
    "privacy.note_proof": ADMIN,
    "privacy.note_again": ADMIN,
    "privacy.erase_if_due": ADMIN,
    "privacy.keep_for_claim": ADMIN,
    "privacy.keep_no_longer": ADMIN,
    "processes.undo_move": RECRUITER,
    "processes.start_process": RECRUITER,
    "processes.move_to_stage": RECRUITER,
    "processes.wait_on_client": RECRUITER,
    "processes.set_turn": RECRUITER,
    "processes.close_process": RECRUITER,
    "processes.reopen_process": RECRUITER,
    "processes.undo_closing": RECRUITER,
    "processes.opening_of": NOBODY,
    "processes.refuse_twice": NOBODY,
    "processes.take_back": NOBODY,
    "promises.keep_promise": RECRUITER,
    "promises.waive_promise": RECRUITER,
    "promises.snooze_promise": RECRUITER,
    "questions.note_question": RECRUITER,
    "questions.ask_question": RECRUITER,
    "questions.undo_asking": RECRUITER,
    "questions.undo_answer": RECRUITER,
    "questions.answer_question": RECRUITER,
    "questions.drop_question": RECRUITER,
    "recommendations.recommend": RECRUITER,
    "recommendations.edit_recommendation": RECRUITER,
    "recommendations.send_recommendation": RECRUITER,
    "recommendations.undo_sending": RECRUITER,
    "recommendations.note_client_answer": RECRUITER,
    "recommendations.stands": NOBODY,
    "referrals.refer": RECRUITER,
    "referrals.refer_somebody_new": RECRUITER,
    "several.say_to_each": RECRUITER,
    "several.set_rhythm_of_each": RECRUITER,
    "several.hand_over_each": RECRUITER,
    "several.tag_each": RECRUITER,
    "several.untag_each": RECRUITER,
    "skills.add_implication": RECRUITER,
    "skills.take_implication_away": RECRUITER,
    "skills.bring_implication_back": RECRUITER,
    "skills.ensure_skills": NOBODY,
    "skills.skill_called": NOBODY,
    "templates.save_template": RECRUITER,
    "templates.reset_template": RECRUITER,
    "templates.undo_template": RECRUITER,
    "trail.note_page_refused": VIEWER,
    "trail.note_export": VIEWER,
    "undo.take_back_fact": RECRUITER,
    "undo.undo_fact": RECRUITER,
    "undo.undo_facts": RECRUITER,
}
"""By module and name, as they lie in `core/commands`."""

TERMINAL = {
    "serve": NOBODY,
    "db upgrade": NOBODY,
    "db backup": NOBODY,
    "db restore": NOBODY,
    "db erase-again": NOBODY,
    "demo": NOBODY,
    "member add": NOBODY,
    "member password": NOBODY,
    "member link": NOBODY,
    "import": RECRUITER,  # the member who is named
    "undo-import": RECRUITER,
    "check": NOBODY,
    "replay": NOBODY,
}
"""`perennial …`: whoever has the machine and its database. What they do is done by the program, or as a member."""
