-- Opens a document in Neovim with the configuration of the guide, and looks at what its client got.
local function write(path, text)
  local file = assert(io.open(path, "w"))
  file:write(text)
  file:close()
end

local function wait(what, condition)
  if not vim.wait(60000, condition, 50) then
    io.stderr:write("Neovim: " .. what .. " did not come\n")
    os.exit(1)
  end
end

write("people.yaml", "Person: { type: object }\n")
write("openapi.yaml", [[
openapi: 3.1.0
info: { title: 'Péts 😀', version: 1.0.0 }
paths:
  /pets:
    get:
      responses: { '200': { description: ok } }
components:
  schemas:
    Pet: { type: object, properties: { 'é😀': { type: datetime } } }
    Owner: { $ref: 'people.yaml#/Person' }
]])
vim.cmd("filetype on")
vim.cmd("edit openapi.yaml")
wait("diagnostics", function() return #vim.diagnostic.get(0) == 2 end)
local unknown = vim.tbl_filter(function(it) return it.code == "unknown-type" end, vim.diagnostic.get(0))[1]
local line = vim.api.nvim_buf_get_lines(0, 8, 9, true)[1]
-- Neovim counts bytes, whatever was agreed on.
assert(line:sub(unknown.col + 1, unknown.end_col) == "datetime", vim.inspect(unknown))

local clients = (vim.lsp.get_clients or vim.lsp.get_active_clients)()
assert(#clients == 1 and clients[1].name == "treaty")

local function ask(method, params)
  local answers = vim.lsp.buf_request_sync(0, method, params, 60000)
  return answers[clients[1].id].result
end
local document = { uri = vim.uri_from_bufnr(0) }
local place = ask("textDocument/definition", { textDocument = document, position = { line = 9, character = 25 } })
assert(place.uri == vim.uri_from_fname(vim.fn.getcwd() .. "/people.yaml"), vim.inspect(place))
local hover = ask("textDocument/hover", { textDocument = document, position = { line = 4, character = 5 } })
assert(hover.contents.value:find("missing%-operation%-id"))

-- All safe fixes, as the guide applies them on saving.
vim.cmd("write")
wait("a repaired text", function()
  local text = table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, true), "\n")
  return text:find("operationId: ", 1, true) and text:find("string, format: date-time", 1, true)
end)
wait("an empty list of diagnostics", function() return #vim.diagnostic.get(0) == 0 end)
print("Neovim: diagnostics, definition, hover, all safe fixes on saving: passed\n")
os.exit(0)
