"""Addresses of the KRAMS half; each subject has its own."""

from .calendar import urls as calendar
from .criteria import urls as criteria
from .documents import urls as documents
from .followup import urls as followup
from .getting_started import urls as getting_started
from .log import urls as log
from .meetings import urls as meetings
from .plans import urls as plans
from .sustain import urls as sustain

app_name = "initiatives"
urlpatterns = [
    *documents.urlpatterns,
    *sustain.urlpatterns,
    *criteria.urlpatterns,
    *meetings.urlpatterns,
    *plans.urlpatterns,
    *log.urlpatterns,
    *calendar.urlpatterns,
    *followup.urlpatterns,
    *getting_started.urlpatterns,
]
