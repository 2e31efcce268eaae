# cmake -DOUT=file.cpp "-DFILES=a.yaml|b.yaml" -P embed_texts.cmake: the catalogue's files as one source.
string(REPLACE "|" ";" files "${FILES}")
set(rows "")
foreach(file IN LISTS files)
  get_filename_component(name "${file}" NAME)
  file(READ "${file}" content)
  string(APPEND rows "    {\"${name}\", R\"__texts__(${content})__texts__\"},\n")
endforeach()
file(WRITE "${OUT}" "#include \"broadcaster/base/embedded_texts.hpp\"

namespace broadcaster::base {
namespace {
constexpr EmbeddedText files[] = {
${rows}};
}  // namespace
std::span<const EmbeddedText> embedded_texts() { return files; }
}  // namespace broadcaster::base
")
