# Writes a C++ source that holds the files of `sluice init`: ${OUTPUT} from the folder ${TEMPLATES}. The command then works
# wherever its executable is.
file(GLOB files RELATIVE ${TEMPLATES} ${TEMPLATES}/*/*)
list(SORT files)
set(source "// Made by embed_templates.cmake.\n#include \"project/template.h\"\n\nnamespace sluice::cli {\n\n")
string(APPEND source "const std::vector<TemplateFile> kTemplateFiles = {\n")
foreach(file IN LISTS files)
  file(READ ${TEMPLATES}/${file} content)
  cmake_path(GET file PARENT_PATH folder)
  cmake_path(GET file FILENAME name)
  string(APPEND source "    {\"${folder}\", \"${name}\", R\"~~~~(${content})~~~~\"},\n")
endforeach()
string(APPEND source "};\n\n}  // namespace sluice::cli\n")
file(WRITE ${OUTPUT} "${source}")
