"""What a PDF lacks for PDF/A-2a and PDF/UA-1, one line each; nothing if it lacks nothing.

    archive.py FILE.pdf

PDF/A: what of ISO 19005-2 can be read off the objects of a file (pikepdf, which is qpdf).
PDF/UA: the machine-checkable rules that the package pdfua has.
"""

import json
import subprocess
import sys

import pikepdf

BLEND_MODES = {
    "/Normal", "/Compatible", "/Multiply", "/Screen", "/Overlay", "/Darken", "/Lighten",
    "/ColorDodge", "/ColorBurn", "/HardLight", "/SoftLight", "/Difference", "/Exclusion",
    "/Hue", "/Saturation", "/Color", "/Luminosity",
}
ACTIONS = {"/GoTo", "/GoToR", "/URI", "/Named", "/SubmitForm", "/Thread"}
PDFA = "{http://www.aiim.org/pdfa/ns/id/}"


def document(pdf):
    """6.1, 6.6, 6.7: the file as a whole."""
    root = pdf.Root
    if pdf.is_encrypted:
        yield "6.1.3: encrypted"
    if "/ID" not in pdf.trailer:
        yield "6.1.3: no file identifier"
    for name in ("/AA", "/OpenAction", "/NeedsRendering"):
        if name in root:
            yield f"6.5: the catalogue has {name}"
    if "/Metadata" not in root or "/Filter" in root.Metadata:
        yield "6.6.2: metadata are missing or compressed"
    with pdf.open_metadata() as metadata:
        said = (metadata.get(PDFA + "part"), metadata.get(PDFA + "conformance"))
        if said != ("2", "A"):
            yield f"6.6.4: says {said}"
    if not root.get("/MarkInfo", {}).get("/Marked", False) or "/StructTreeRoot" not in root:
        yield "6.7.2: not tagged"
    if "/Lang" not in root:
        yield "6.7.4: no language"
    intents = [intent for intent in root.get("/OutputIntents", []) if intent.S == "/GTS_PDFA1"]
    if len(intents) != 1 or intents[0].get("/DestOutputProfile") is None:
        yield "6.2.3: no output intent with its profile"


def objects(pdf):
    """6.1.7, 6.2, 6.5: every object by itself."""
    for thing in pdf.objects:
        if not isinstance(thing, (pikepdf.Dictionary, pikepdf.Stream)):
            continue
        kind, subtype = thing.get("/Type"), thing.get("/Subtype")
        if isinstance(thing, pikepdf.Stream):
            if "/LZWDecode" in str(thing.get("/Filter", "")) or "/F" in thing:
                yield "6.1.7: a filter or file outside of the standard"
            if subtype == "/PS" or "/Ref" in thing or "/OPI" in thing:
                yield "6.2.9: a foreign picture"
            if thing.get("/Interpolate", False):
                yield "6.2.8: an interpolated picture"
        if kind == "/ExtGState":
            if "/TR" in thing or str(thing.get("/BM", "/Normal")) not in BLEND_MODES:
                yield "6.2.5: a graphics state outside of the standard"
        if "/S" in thing and kind == "/Action" and str(thing.S) not in ACTIONS:
            yield f"6.5.1: the action {thing.S}"
        if kind == "/Annot" and subtype in ("/3D", "/Sound", "/Screen", "/Movie", "/FileAttachment"):
            yield f"6.3.1: the annotation {subtype}"


def fonts(pdf):
    """6.2.11: every font is embedded, every glyph says its character."""
    for font in pdf.objects:
        if not isinstance(font, pikepdf.Dictionary) or font.get("/Type") != "/Font":
            continue
        name = str(font.get("/BaseFont", font.get("/Name", "?")))
        if font.Subtype == "/Type0":
            if "/ToUnicode" not in font:
                yield f"6.2.11.7: {name} does not say its characters"
            continue
        if font.Subtype == "/Type3":
            continue
        descriptor = font.get("/FontDescriptor", {})
        if not any(key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3")):
            yield f"6.2.11.4: {name} is not embedded"
        if font.Subtype == "/CIDFontType2" and "/CIDToGIDMap" not in font:
            yield f"6.2.11.3: {name} has no map of glyphs"


def accessible(path):
    """PDF/UA-1, by pdfua."""
    command = [sys.executable, "-m", "pdfua", "check", "--format", "json", "--min-severity", "warning", path]
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    for finding in json.loads(said.stdout)["findings"]:
        yield f"{finding['rule_id']}: {finding['message']}"


def main(path):
    with pikepdf.open(path) as pdf:
        lacking = [f"syntax: {problem}" for problem in pdf.check_pdf_syntax()]
        for look in (document, objects, fonts):
            lacking.extend(look(pdf))
    lacking.extend(accessible(path))
    for line in lacking:
        print(line)


main(sys.argv[1])
