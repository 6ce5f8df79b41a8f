"""Who a number belongs to, and what is going on with that customer just now."""

from __future__ import annotations

from assist.desk.sandbox import billing, network, replies, rows
from assist.desk.sandbox.database import Records
from assist.desk.sandbox.refusal import unknown

NEWEST_FIRST = "created_at desc"


def find(records: Records, number: str) -> list[replies.CustomerView]:
    return [view(records, customer) for customer in records.customers_known_as(number)]


def get(records: Records, customer_id: str) -> replies.CustomerView:
    """Raises Refused 404."""
    customer = records.one(rows.CustomerRow, id=customer_id)
    if customer is None:
        raise unknown("customer", "Search by number with /customers?number=.")
    return view(records, customer)


def view(records: Records, customer: rows.CustomerRow) -> replies.CustomerView:
    city = records.one(rows.CityRow, id=customer.city)
    open_tickets = records.find(
        rows.TicketRow, "customer = ? and status <> 'closed'", [customer.id], NEWEST_FIRST
    )
    return replies.CustomerView(
        **customer.model_dump(exclude={"city", "numbers", "tags"}),
        city=getattr(city, customer.lang, ""),
        tags=[*customer.tags, *_tags(records, customer)],
        open_tickets=[
            replies.OpenTicketView(
                number=ticket.number,
                type=ticket.type,
                title=ticket.title,
                status=ticket.status,
                opened_on=f"{ticket.created_at:%Y-%m-%d}",
            )
            for ticket in open_tickets
        ],
    )


def _tags(records: Records, customer: rows.CustomerRow) -> list[str]:
    """What the customer has, then what stands out; worked out anew each time, so always true."""
    line = records.one(rows.LineRow, account=customer.broadband_account)
    subscriber = records.one(rows.SubscriberRow, phone=customer.phone)
    services: tuple[tuple[str, str, rows.Service], ...] = (
        ("broadband_customer", customer.broadband_account, "broadband"),
        ("leased_line_customer", customer.circuit_id, "circuit"),
        ("power_customer", customer.power_account, "power"),
    )
    tags = [tag for tag, account, _ in services if account]
    if subscriber:
        tags.append("mobile_customer")
    for _, account, service in services:
        if account and network.outage_of(records, customer, service):
            tags.append(f"{service}_outage")
        if account and network.alarms(records, service=service, target=account):
            tags.append(f"{service}_alarm")
    if line and line.arrears_yuan > 0:
        tags.append("arrears")
    if subscriber and subscriber.arrears_yuan > 0:
        tags.append("mobile_arrears")
    if subscriber and subscriber.roaming_in:
        tags.append("roaming_now")
    if billing.is_higher(records, customer.phone):
        tags.append("bill_above_usual")
    usage = records.find(rows.UsageRow, "phone = ?", [customer.phone], "month desc")
    if usage and usage[0].used_up_on:
        tags.append("data_used_up")
    return tags
