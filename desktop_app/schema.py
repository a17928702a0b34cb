"""Imports every slice's model once, so that the metadata is whole."""

from desktop_app.accounts import model as accounts
from desktop_app.attachments import model as attachments
from desktop_app.meetings import model as meetings
from desktop_app.organisation import model as organisation
from desktop_app.papers import model as papers
from desktop_app.places import model as places
from desktop_app.residents import model as residents
from desktop_app.store import conflict, local, requests
from desktop_app.store.base import Base

MODELS = (accounts, places, residents, organisation, meetings, papers, attachments, conflict, requests, local)
metadata = Base.metadata
