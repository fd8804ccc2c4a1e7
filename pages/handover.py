"""Hand over: whose people go to whom, with all that goes along; and an offer, until it is answered for."""

from pages.parts import filters, giving, offered, runtime

viewer = runtime.require_viewer()
store = runtime.store()
now, calendar = store.now(), store.calendar

if (offer_id := filters.id_in_address("offer")) is not None:
    offered.draw(viewer, offer_id, now, calendar)
else:
    member_id = filters.id_in_address("member")
    giving.draw(viewer, viewer.id if member_id is None else member_id or None, now, calendar)
