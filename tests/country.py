"""A small made-up country, made once for all tests that look at it."""

import dataclasses
import datetime as dt

from django.test import TestCase
from django.utils import timezone

from clusters.country.actions.country import Order
from clusters.country.actions.make import Made, make_country
from tests.databases import filled_once


def small(today: dt.date, **changes) -> Order:
    order = Order(activities=2000, today=today, facilities=20, matrices=1)
    return dataclasses.replace(order, **changes)


def make(order: Order) -> Made:
    return make_country(order, lambda _what: None)


class CountryTestCase(TestCase):
    """On a database that holds the country up to today."""

    made: Made

    @classmethod
    def setUpClass(cls):
        cls.order = small(timezone.localdate())
        key = f"country of {cls.order.today}"
        cls.made = cls.enterClassContext(filled_once(lambda: make(cls.order), key))
        super().setUpClass()
