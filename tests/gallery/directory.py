"""A made-up county's directory in the layout that Ohana and iCarol write, with a few faults in it."""

OHANA = """
organizations
id | name              | website
10 | Harlow House      | http://harlow.example
11 | Mill Street Meals |
12 |                   |

locations
id | organization_id | name       | accessibility    | languages        | virtual | description
1  | 10              | Main house | ramp, wheelchair | Spanish, Tagalog |         | Bus line 4
2  | 11              | Kitchen    |                  |                  |         |

services
id | location_id | name        | status | audience | eligibility  | fees  | accepted_payments | languages | taxonomy_ids
7  | 1           | Night beds  | active | Men      | 18 and older | None. | Medicaid, cash    | Spanish   | 101-04
8  | 2           | Hot lunch   | active |          |              |       |                   |           | 102-03
9  |             | Food basket | active |          |              |       |                   |           |
10 | 77          | Lost sheep  | active |          |              |       |                   |           |

addresses
id | location_id | address_1      | city        | country
1  | 1           | 12 Elm Street  | Harlow Falls | us
2  | 2           | 3 Mill Street  | Harlow Falls | us

phones
id | contact_id | location_id | organization_id | service_id | number   | department | number_type | vanity_number
1  |            | 1           | 10              | 7          | 555-0181 |            | voice       |
2  |            |             |                 | 8          | 555-0182 |            | voice       |

regular_schedules
id | location_id | service_id | weekday | opens_at | closes_at
1  | 1           |            | Monday  | 9:30     | 5:00 PM
2  |             | 8          | Sunday  | 25:00    | 24:00

categories
bom | id | name              | taxonomy_id | parent_id | parent_name | type
    | 1  | Emergency         | 101         |           |             | service
    | 2  | Emergency Shelter | 101-04      | 101       | Emergency   | service
    | 3  | Food              | 102         |           |             | service
    | 4  | Meals             | 102-03      | 102       | Food        | service
"""
