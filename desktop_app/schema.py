"""Imports every slice's model once, so that the metadata is whole."""

from desktop_app.accounts import model as accounts
from desktop_app.appeals import model as appeals
from desktop_app.attachments import model as attachments
from desktop_app.care import model as care
from desktop_app.matters import model as matters
from desktop_app.meetings import model as meetings
from desktop_app.orders import model as orders
from desktop_app.organisation import model as organisation
from desktop_app.papers import model as papers
from desktop_app.partners import model as partners
from desktop_app.places import model as places
from desktop_app.points import model as points
from desktop_app.practice import model as practice
from desktop_app.privacy import model as privacy
from desktop_app.residents import model as residents
from desktop_app.store import anchors, conflict, local, requests
from desktop_app.store.base import Base
from desktop_app.visits import model as visits

MODELS = (
    accounts,
    places,
    residents,
    organisation,
    visits,
    care,
    meetings,
    matters,
    appeals,
    orders,
    points,
    privacy,
    partners,
    practice,
    papers,
    attachments,
    conflict,
    requests,
    anchors,
    local,
)
metadata = Base.metadata
