"""What a run has drawn is sent, also when a piece of the page is drawn alone before that.

As a piece is drawn alone, Streamlit takes out of what is to be sent all that the whole page drew there just before, and
still tells the browser that this page is whole. So the browser takes off the fields that it was not sent, with what is
written in them, and draws others, in which that is not. It happens where the machine is busy and a touch came while the
page was drawn: the second press of a double click on “Save”.
"""

from functools import cache

from streamlit.proto.NewSession_pb2 import CustomThemeConfig
from streamlit.runtime import app_session
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue


class ToSend(ForwardMsgQueue):
    """What one session is to send, in order."""

    def clear(self, retain_lifecycle_msgs: bool = False, fragment_ids_this_run: list[str] | None = None) -> None:
        if fragment_ids_this_run is None:
            super().clear(retain_lifecycle_msgs)
        else:
            self._delta_index_map = {}  # what the piece draws goes behind what the page drew, not in its place


def send_all() -> None:
    """In this process, for every session that begins."""
    vars(app_session)["ForwardMsgQueue"] = ToSend


def read_theme_once() -> None:
    """In this process: at the beginning of every run, Streamlit reads the theme out of its settings six times.

    A theme that was changed is shown by the next server.
    """
    read = app_session._populate_theme_msg

    @cache
    def known(section: str) -> CustomThemeConfig:
        theme = CustomThemeConfig()
        read(theme, section)
        return theme

    def tell(theme: CustomThemeConfig, section: str = "theme") -> None:
        theme.MergeFrom(known(section))

    vars(app_session)["_populate_theme_msg"] = tell
