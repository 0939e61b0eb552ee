# Writes a C++ source that holds the style and the script of the page that `sluice trace --html` writes: ${OUTPUT} from
# trace.css and trace.js in the folder ${PAGE}.
file(READ ${PAGE}/trace.css style)
file(READ ${PAGE}/trace.js script)
file(
  WRITE ${OUTPUT}
  "// Made by embed.cmake.\n#include <string_view>\n\nnamespace sluice::cli {\n\n"
  "extern const std::string_view kTraceStyle;\nextern const std::string_view kTraceScript;\n"
  "const std::string_view kTraceStyle = R\"~~~~(${style})~~~~\";\n"
  "const std::string_view kTraceScript = R\"~~~~(${script})~~~~\";\n\n}  // namespace sluice::cli\n")
