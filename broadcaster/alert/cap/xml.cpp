#include "broadcaster/alert/cap/xml.hpp"

#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>

#include <memory>
#include <optional>

#include "broadcaster/base/files.hpp"

namespace broadcaster::alert::cap {
namespace {

/// One document being read: libxml2's events become Elements, and the first mistake ends it.
struct Reading {
  xmlParserCtxtPtr parser = nullptr;
  const std::string& file;
  Element root;
  std::vector<Element*> open;  ///< from the root to the innermost; their children vectors do not grow meanwhile
  int elements = 0;
  std::optional<base::Error> error;

  void stop(base::Text text, int line, int column) {
    if (!error)
      error = base::Error{base::ErrorKind::bad_input, std::move(text), base::Place{file, line, column}, std::string()};
    xmlStopParser(parser);
  }
  int line() const { return parser->input ? parser->input->line : 0; }
  int column() const { return parser->input ? parser->input->col : 0; }
};

std::string text_of(const xmlChar* text) { return text ? reinterpret_cast<const char*>(text) : ""; }

/// libxml2 leaves an ampersand as "&#38;" where it replaces no entities, and nothing else (parser.c,
/// xmlParseAttValueInternal).
std::string attribute_value(const xmlChar* begin, const xmlChar* end) {
  constexpr std::string_view ampersand = "&#38;";
  std::string out(reinterpret_cast<const char*>(begin), static_cast<std::size_t>(end - begin));
  for (std::size_t at = 0; (at = out.find(ampersand, at)) != std::string::npos; ++at) out.replace(at, 5, "&");
  return out;
}

void start_element(void* context, const xmlChar* name, const xmlChar*, const xmlChar* space, int, const xmlChar**,
                   int attributes, int, const xmlChar** attribute) {
  auto& r = *static_cast<Reading*>(context);
  if (r.error) return;
  if (r.open.size() >= static_cast<std::size_t>(deepest_element))
    return r.stop({"cap.too_deep", {{"limit", std::int64_t{deepest_element}}}}, r.line(), r.column());
  if (++r.elements > most_elements)
    return r.stop({"cap.too_many", {{"limit", std::int64_t{most_elements}}}}, r.line(), r.column());
  Element* fresh = &r.root;
  if (!r.open.empty()) {
    fresh = &r.open.back()->children.emplace_back();
    fresh->at = r.open.back()->text.size();
  }
  fresh->space = text_of(space);
  fresh->name = text_of(name);
  fresh->line = r.line();
  // Five pointers each: name, prefix, namespace, begin and end of the value.
  for (int i = 0; i < attributes; ++i, attribute += 5)
    fresh->attributes.emplace_back(text_of(attribute[0]), attribute_value(attribute[3], attribute[4]));
  r.open.push_back(fresh);
}

void end_element(void* context, const xmlChar*, const xmlChar*, const xmlChar*) {
  auto& r = *static_cast<Reading*>(context);
  if (!r.error && !r.open.empty()) r.open.pop_back();
}

void characters(void* context, const xmlChar* text, int length) {
  auto& r = *static_cast<Reading*>(context);
  if (!r.error && !r.open.empty())
    r.open.back()->text.append(reinterpret_cast<const char*>(text), static_cast<std::size_t>(length));
}

void document_type(void* context, const xmlChar*, const xmlChar*, const xmlChar*) {
  auto& r = *static_cast<Reading*>(context);
  r.stop({"cap.document_type", {}}, r.line(), r.column());
}

void complaint(void* context, xmlErrorPtr found) {
  auto& r = *static_cast<Reading*>(context);
  if (r.error || found->level == XML_ERR_WARNING) return;
  // A namespace that is no URI, or a prefix that nobody bound: strange, and readable.
  if (found->domain == XML_FROM_NAMESPACE) return;
  std::string reason = found->message ? found->message : "";
  while (!reason.empty() && (reason.back() == '\n' || reason.back() == '.')) reason.pop_back();
  r.stop({"cap.not_xml", {{"reason", std::move(reason)}}}, found->line, found->int2);
}

xmlSAXHandler handler() {
  xmlSAXHandler out{};
  out.initialized = XML_SAX2_MAGIC;
  out.startElementNs = start_element;
  out.endElementNs = end_element;
  out.characters = characters;
  out.ignorableWhitespace = characters;
  out.cdataBlock = characters;
  out.internalSubset = document_type;
  out.serror = complaint;
  return out;
}

struct Free {
  void operator()(xmlParserCtxt* parser) const {
    if (parser->myDoc) xmlFreeDoc(parser->myDoc);
    parser->myDoc = nullptr;
    xmlFreeParserCtxt(parser);
  }
};

}  // namespace

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view space = " \t\r\n";
  const auto first = text.find_first_not_of(space);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(space) - first + 1);
}

base::Result<Element> parse_xml(std::string_view text, const std::string& file) {
  const auto refuse = [&](base::Text what) {
    return std::unexpected(
        base::Error{base::ErrorKind::bad_input, std::move(what), base::Place{file, 0, 0}, std::string()});
  };
  if (text.size() > largest_document)
    return refuse({"cap.too_large", {{"limit", static_cast<std::int64_t>(largest_document)}}});
  if (trimmed(text).empty()) return refuse({"cap.empty", {}});
  [[maybe_unused]] static const bool once = (xmlInitParser(), true);
  const std::unique_ptr<xmlParserCtxt, Free> parser(
      xmlCreateMemoryParserCtxt(text.data(), static_cast<int>(text.size())));
  if (!parser) return refuse({"cap.empty", {}});
  Reading reading{.parser = parser.get(), .file = file, .root = {}, .open = {}, .elements = 0, .error = {}};
  *parser->sax = handler();
  parser->userData = &reading;
  xmlCtxtUseOptions(parser.get(), XML_PARSE_NONET | XML_PARSE_BIG_LINES);
  xmlParseDocument(parser.get());
  if (reading.error) return std::unexpected(std::move(*reading.error));
  if (reading.elements == 0 || !reading.open.empty() || !parser->wellFormed)
    return refuse({"cap.not_xml", {{"reason", "?"}}});
  return std::move(reading.root);
}

base::Result<std::string> read_document(const std::filesystem::path& path) {
  return base::read_file(path, largest_document);
}

}  // namespace broadcaster::alert::cap
