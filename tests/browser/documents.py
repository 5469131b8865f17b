"""Documents for the pages: a shop's, a hostile one, a large one, a clean one, a revision."""

import pathlib
import sys

SHOP = """openapi: 3.0.3
info:
  title: Orders
  version: '1'
  description: What the shop sends and the warehouse answers.
paths:
  /orders:
    post:
      requestBody:
        content:
          application/json:
            schema: { $ref: '#/components/schemas/Order' }
            example: { id: abc, total: '12', createdd: today }
      responses:
        '201': { description: Taken }
  /orders/{id}:
    get:
      operationId: getOrder
      parameters:
        - { name: id, in: path, required: true, schema: { type: string } }
      responses:
        '200':
          description: The order
          content:
            application/json:
              schema: { $ref: '#/components/schemas/Order' }
        '404': { description: There is no such order }
components:
  schemas:
    Order:
      type: object
      required: [id]
      properties:
        id: { type: int }
        total: { type: number }
        createdAt: { type: datetime }
        userId: { type: string, format: uuidd }
        user_id: { type: string }
        country: { type: string, enum: [NO, SE] }
        lines:
          type: array
          items: { $ref: '#/components/schemas/Line' }
    Line:
      type: object
      required: [sku, quantity]
      properties:
        sku: { type: string }
        quantity: { type: integer, minimum: 1 }
"""
PRODUCTS = """openapi: 3.1.0
info: { title: Products, version: '1' }
paths:
  /products:
    get:
      operationId: getOrder
      responses:
        '200':
          description: All of them
          content:
            application/json:
              schema: { $ref: '#/components/schemas/Products' }
components:
  schemas:
    Product: { type: object, properties: { sku: { type: string } } }
"""
MARKUP = "</code></li></main><script>window.ran = 1</script><img src=x onerror=window.ran=2>"
HOSTILE = f"""openapi: 3.1.0
info: {{ title: 'a', version: '1' }}
paths:
  "/{MARKUP}":
    get:
      operationId: "a b\\u202e{MARKUP}"
      responses: {{ '200': {{ description: ok }} }}
components:
  schemas:
    "x' onmouseover='window.ran=3":
      type: "<b>string</b>"
      properties: {{ "javascript:window.ran=4": {{ type: "](javascript:window.ran=5)" }} }}
"""
CLEAN = "openapi: 3.1.0\ninfo: { title: Pets, version: '1' }\npaths: {}\n"
CHARTER = """version: 1
parties:
  shop: { agent: Shop_Bot, owns: [/paths/~1orders] }
  erp: { agent: Erp_Bot, owns: [] }
"""


def large():
    lines = ["openapi: 3.1.0", "info: { title: Large, version: '1' }", "paths:"]
    for number in range(4000):
        kind = "datetime" if number % 997 == 0 else "string"
        lines += [
            f"  /things/{number}:",
            "    get:",
            f"      operationId: getThing{number}",
            "      responses:",
            "        '200':",
            "          description: The thing",
            "          content:",
            f"            application/json: {{ schema: {{ type: {kind} }} }}",
        ]
    return "\n".join(lines) + "\n"


FILES = {
    "shop/api/orders.yaml": SHOP,
    "shop/api/products.yaml": PRODUCTS,
    "shop/pets.yaml": CLEAN,
    "hostile/openapi.yaml": HOSTILE,
    "large/openapi.yaml": large(),
    "clean/openapi.yaml": CLEAN,
    "gate/base.yaml": SHOP.replace("int }", "integer }").replace("datetime", "string"),
    "gate/openspec.yaml": SHOP,
    "gate/treaty.yaml": CHARTER,
}

for path, text in FILES.items():
    file = pathlib.Path(sys.argv[1]) / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
