"""The peer of `kohyo bench`: libxml2 validates each record by its XML Schema, Saxon runs the Schematron.

Argument: a folder with form.xsd (and what it includes), form.sch and the records 0.xml, 1.xml, ...
Says "ready" once both are compiled. Then for each line "FROM TO" on standard input it puts these
records to both and says: seconds of processor time in the schema, the same in Schematron, records
that the schema accepts, reports that Schematron made about those.

Reading the files and looking through what Schematron reports are not counted.
"""

import re
import sys
import time
from pathlib import Path

import lxml.isoschematron
from lxml import etree
from saxonche import PySaxonProcessor

SKELETON = Path(lxml.isoschematron.__file__).parent / "resources/xsl/iso-schematron-xslt1"


def compiled(processor, schema):
    """The ISO skeleton is that for XSLT 1; what it makes is run as XSLT 2.0."""
    xslt = processor.new_xslt30_processor()
    skeleton = xslt.compile_stylesheet(stylesheet_file=str(SKELETON / "iso_svrl_for_xslt1.xsl"))
    text = schema.read_text(encoding="utf-8").replace('queryBinding="xslt2"', 'queryBinding="xslt"')
    skeleton.set_parameter("phase", processor.make_string_value("checks"))
    sheet = skeleton.transform_to_string(xdm_node=processor.parse_xml(xml_text=text))
    sheet, count = re.subn(r'(<xsl:stylesheet[^>]*?\sversion=)"1\.0"', r'\1"2.0"', sheet, count=1)
    assert count == 1, sheet[:400]
    return processor.new_xslt30_processor().compile_stylesheet(stylesheet_text=sheet)


def main():
    folder = Path(sys.argv[1])
    schema = etree.XMLSchema(etree.parse(str(folder / "form.xsd")))
    parser = etree.XMLParser(no_network=True, resolve_entities=False)
    with PySaxonProcessor(license=False) as processor:
        sheet = compiled(processor, folder / "form.sch")
        print("ready", flush=True)
        for line in sys.stdin:
            first, last = map(int, line.split())
            records = [(folder / f"{n}.xml").read_bytes() for n in range(first, last)]
            begun = time.process_time()
            accepted = [xml for xml in records if schema.validate(etree.fromstring(xml, parser))]
            validated = time.process_time()
            texts = [xml.decode() for xml in accepted]
            reports = []
            put = time.process_time()
            for text in texts:
                reports.append(sheet.transform_to_string(xdm_node=processor.parse_xml(xml_text=text)))
            ended = time.process_time()
            fired = sum(report.count("<svrl:successful-report") for report in reports)
            print(validated - begun, ended - put, len(accepted), fired, flush=True)


if __name__ == "__main__":
    main()
