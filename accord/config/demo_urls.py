"""The demo's own addresses. They are included in the demo only, and exist nowhere else."""

from django.urls import path

from accord.config import demo_views
from accord.surfaces.shared.design_page import design_page

urlpatterns = [
    path("demo/", demo_views.cast, name="demo"),
    path("demo/outbox/", demo_views.outbox, name="demo_outbox"),
    path("demo/as/<slug:slug>/", demo_views.enter, name="demo_enter"),
    path("design/", design_page, name="design"),
]
