"""Speaks to `treaty lsp` with pygls's client and the types of lsprotocol, which check every answer."""

import asyncio
import pathlib
import sys

from lsprotocol import types as lsp
from pygls.lsp.client import LanguageClient

program, folder = sys.argv[1], pathlib.Path(sys.argv[2])
PEOPLE = "Person: { type: object }\n"
TEXT = """openapi: 3.1.0
info: { title: 'Péts 😀', version: 1.0.0 }
paths:
  /pets:
    get:
      responses: { '200': { description: ok } }
components:
  schemas:
    Pet: { type: object, properties: { born: { type: datetime } } }
    Owner: { $ref: 'people.yaml#/Person' }
"""


async def main():
    (folder / "people.yaml").write_text(PEOPLE)
    client = LanguageClient("test", "1")
    told = asyncio.Queue()
    client.feature(lsp.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)(lambda params: told.put_nowait(params))
    await client.start_io(program, "lsp")
    welcome = await client.initialize_async(lsp.InitializeParams(
        capabilities=lsp.ClientCapabilities(
            general=lsp.GeneralClientCapabilities(position_encodings=["utf-32"]),
            text_document=lsp.TextDocumentClientCapabilities(
                code_action=lsp.CodeActionClientCapabilities(
                    code_action_literal_support=lsp.ClientCodeActionLiteralOptions(
                        code_action_kind=lsp.ClientCodeActionKindOptions(value_set=["quickfix"]))),
                document_symbol=lsp.DocumentSymbolClientCapabilities(
                    hierarchical_document_symbol_support=True),
                publish_diagnostics=lsp.PublishDiagnosticsClientCapabilities(
                    related_information=True)),
            workspace=lsp.WorkspaceClientCapabilities(
                workspace_edit=lsp.WorkspaceEditClientCapabilities(document_changes=True))),
        root_uri=folder.as_uri(),
    ))
    assert welcome.capabilities.position_encoding == "utf-32"
    client.initialized(lsp.InitializedParams())
    uri = (folder / "openapi.yaml").as_uri()
    document = lsp.TextDocumentIdentifier(uri)

    async def diagnostics():
        params = await told.get()
        assert params.uri == uri, params
        return params.diagnostics

    client.text_document_did_open(lsp.DidOpenTextDocumentParams(
        lsp.TextDocumentItem(uri, "yaml", 1, TEXT)))
    found = await diagnostics()
    assert [it.code for it in found] == ["missing-operation-id", "unknown-type"], found
    line = TEXT.splitlines()[8]
    at = lsp.Position(8, line.index("datetime"))
    assert found[1].range == lsp.Range(at, lsp.Position(8, at.character + len("datetime")))

    hover = await client.text_document_hover_async(lsp.HoverParams(document, at))
    assert "unknown-type" in hover.contents.value

    place = await client.text_document_definition_async(
        lsp.DefinitionParams(document, lsp.Position(9, 25)))
    assert place.uri == (folder / "people.yaml").as_uri() and place.range.start.line == 0

    symbols = await client.text_document_document_symbol_async(lsp.DocumentSymbolParams(document))
    assert [it.name for it in symbols] == ["info", "paths", "components"]

    actions = await client.text_document_code_action_async(lsp.CodeActionParams(
        document, lsp.Range(at, at), lsp.CodeActionContext([], only=["quickfix"])))
    assert len(actions) == 1 and actions[0].is_preferred
    edits = sorted(actions[0].edit.document_changes[0].edits, key=lambda it: it.range.start.character)
    for edit in reversed(edits):
        start, end = edit.range.start.character, edit.range.end.character
        line = line[:start] + edit.new_text + line[end:]
    assert "{ type: string, format: date-time }" in line, line
    client.text_document_did_change(lsp.DidChangeTextDocumentParams(
        lsp.VersionedTextDocumentIdentifier(2, uri),
        [lsp.TextDocumentContentChangePartial(range=edit.range, text=edit.new_text)
         for edit in reversed(edits)]))
    assert [it.code for it in await diagnostics()] == ["missing-operation-id"]

    every = await client.text_document_code_action_async(lsp.CodeActionParams(
        document, lsp.Range(at, at), lsp.CodeActionContext([], only=["source.fixAll"])))
    assert [it.kind for it in every] == ["source.fixAll.treaty"]

    await client.shutdown_async(None)
    client.exit(None)
    await asyncio.wait_for(client._server.wait(), 30)
    assert client._server.returncode == 0
    print("pygls: diagnostics, hover, definition, symbols, actions: passed")


asyncio.run(asyncio.wait_for(main(), 100))
