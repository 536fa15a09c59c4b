// Whether Xerces accepts records: the validator of the Java platform (javax.xml.validation).
//
//   java tests/xerces/Valid.java < jobs
//
// In: blocks of lines, a schema and then the records put to it, one path a line, with an empty line after
// each block. Out: for each block a line with a 1 (accepted) or 0 for each record. A schema that is not valid
// is an error of this program.

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import javax.xml.XMLConstants;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.Schema;
import javax.xml.validation.SchemaFactory;
import javax.xml.validation.Validator;
import org.xml.sax.ErrorHandler;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;

public final class Valid {
    /** Everything but a warning is a refusal. */
    private static final class Strict implements ErrorHandler {
        @Override
        public void warning(SAXParseException problem) {
        }

        @Override
        public void error(SAXParseException problem) throws SAXException {
            throw problem;
        }

        @Override
        public void fatalError(SAXParseException problem) throws SAXException {
            throw problem;
        }
    }

    public static void main(String[] arguments) throws Exception {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        List<String> block = new ArrayList<>();
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            if (!line.isEmpty()) {
                block.add(line);
            } else if (!block.isEmpty()) {
                System.out.println(verdicts(block));
                block.clear();
            }
        }
        if (!block.isEmpty()) {
            System.out.println(verdicts(block));
        }
    }

    private static String verdicts(List<String> block) throws SAXException {
        SchemaFactory factory = SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI);
        factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
        factory.setProperty(XMLConstants.ACCESS_EXTERNAL_DTD, "");
        factory.setProperty(XMLConstants.ACCESS_EXTERNAL_SCHEMA, "file");
        factory.setErrorHandler(new Strict());
        Schema schema = factory.newSchema(new File(block.get(0)));
        Validator validator = schema.newValidator();
        validator.setErrorHandler(new Strict());
        StringBuilder verdicts = new StringBuilder();
        for (String record : block.subList(1, block.size())) {
            verdicts.append(accepts(validator, record) ? '1' : '0');
        }
        return verdicts.toString();
    }

    private static boolean accepts(Validator validator, String record) {
        try {
            validator.validate(new StreamSource(new File(record)));
            return true;
        } catch (SAXException | IOException refused) {
            return false;
        }
    }

    private Valid() {
    }
}
