#include "broadcaster/base/yaml.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <array>
#include <sstream>
#include <unordered_map>

#include "broadcaster/base/files.hpp"
#include "broadcaster/base/unicode.hpp"

namespace broadcaster::base {
namespace {

constexpr std::size_t max_bytes = 8 << 20;
constexpr std::size_t max_depth = 32;
constexpr std::size_t max_values = 1'000'000;  // a Node is much larger than the two bytes that can make one

/// What cannot be read on from.
struct Stop {
  Error error;
};

/// The text with where its lines begin, to turn yaml-cpp's marks (from 0, columns in bytes) into places.
class Source {
 public:
  Source(std::string_view text, const std::string& file) : text_(text), file_(file), lines_{0} {
    for (std::size_t i = 0; i < text.size(); ++i)
      if (text[i] == '\n') lines_.push_back(i + 1);
  }

  Place place(const YAML::Mark& mark) const {
    if (mark.is_null()) return {file_, 0, 0};
    return at(offset(mark));
  }

  Place at(std::size_t byte) const {
    const auto line = static_cast<std::size_t>(std::upper_bound(lines_.begin(), lines_.end(), byte) - lines_.begin());
    int column = 1;
    for (auto i = lines_[line - 1]; i < byte; ++i)
      if ((static_cast<unsigned char>(text_[i]) & 0xc0) != 0x80) ++column;
    return {file_, static_cast<int>(line), column};
  }

  /// yaml-cpp takes the end of the file for the end of a quoted text, in silence.
  bool quote_left_open(const YAML::Mark& mark) const {
    const char quote = character(mark);
    if (quote != '"' && quote != '\'') return false;
    for (auto i = offset(mark) + 1; i < text_.size(); ++i) {
      if (quote == '"' && text_[i] == '\\') {
        ++i;
      } else if (text_[i] == quote) {
        if (quote == '"' || i + 1 >= text_.size() || text_[i + 1] != quote) return false;
        ++i;
      }
    }
    return true;
  }

  /// The character that stands at a mark; NUL at the end.
  char character(const YAML::Mark& mark) const {
    const auto i = offset(mark);
    return i < text_.size() ? text_[i] : '\0';
  }

 private:
  std::size_t offset(const YAML::Mark& mark) const {
    const auto line = std::min(static_cast<std::size_t>(std::max(mark.line, 0)), lines_.size() - 1);
    return std::min(lines_[line] + static_cast<std::size_t>(std::max(mark.column, 0)), text_.size());
  }

  std::string_view text_;
  std::string file_;
  std::vector<std::size_t> lines_;
};

Error wrong(Place place, std::string key, Text text) {
  return {.kind = ErrorKind::bad_input, .text = std::move(text), .place = std::move(place), .key = std::move(key)};
}

/// yaml-cpp's events, stacked into Nodes.
class Builder final : public YAML::EventHandler {
 public:
  Builder(const Source& source, Errors& errors) : source_(source), errors_(errors) {}

  Node take() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (started_) throw Stop{wrong(source_.place(mark), "", {"base.yaml_second_document", {}})};
    started_ = true;
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    refuse_properties(mark, anchor);
    if (wants_key()) throw Stop{wrong(source_.place(mark), path(), {"base.yaml_key_not_text", {}})};
    Node node;
    // "key:" with nothing behind it: the mark is somewhere after it.
    node.place = !stack_.empty() && stack_.back().key ? stack_.back().key->second : source_.place(mark);
    put(std::move(node));
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    throw Stop{wrong(source_.place(mark), path(), {"base.yaml_alias", {}})};
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    refuse_properties(mark, anchor);
    if (source_.quote_left_open(mark)) throw Stop{wrong(source_.place(mark), path(), {"base.yaml_quote_open", {}})};
    // The library makes a lone byte of "\N" and "\_" (YAML 1.2 §5.7: U+0085, U+00A0).
    if (!valid_utf8(value)) throw Stop{wrong(source_.place(mark), path(), {"base.yaml_escape_byte", {}})};
    if (hidden_character(value)) throw Stop{wrong(source_.place(mark), path(), {"base.hidden_character", {}})};
    if (wants_key()) return key(source_.place(mark), value);
    Node node;
    node.kind = Node::Kind::scalar;
    node.place = source_.place(mark);
    node.scalar = value;
    node.quoted = tag == "!";
    put(std::move(node));
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(mark, anchor, Node::Kind::list);
  }
  void OnSequenceEnd() override { close(); }

  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(mark, anchor, Node::Kind::map);
  }
  void OnMapEnd() override { close(); }

  void OnAnchor(const YAML::Mark& mark, const std::string&) override {
    throw Stop{wrong(source_.place(mark), path(), {"base.yaml_alias", {}})};
  }

 private:
  struct Frame {
    Node node;
    std::optional<std::pair<std::string, Place>> key;  ///< read, its value not yet
    bool repeated = false;                             ///< that key was there before: its value is dropped
    std::unordered_map<std::string, int> lines;        ///< of every key so far
  };

  bool wants_key() const { return !stack_.empty() && stack_.back().node.kind == Node::Kind::map && !stack_.back().key; }

  /// The mark of a value stands before its anchor and tag, so the character there tells.
  void refuse_properties(const YAML::Mark& mark, YAML::anchor_t anchor) const {
    const char c = source_.character(mark);
    if (c == '&' || c == '*' || anchor != 0) throw Stop{wrong(source_.place(mark), path(), {"base.yaml_alias", {}})};
    if (c == '!') throw Stop{wrong(source_.place(mark), path(), {"base.yaml_tag", {}})};
  }

  void key(Place place, const std::string& name) {
    auto& frame = stack_.back();
    const auto [first, is_new] = frame.lines.emplace(name, place.line);
    frame.repeated = !is_new;
    frame.key.emplace(name, place);
    if (!is_new)
      errors_.push_back(
          wrong(std::move(place), path(), {"base.given_twice", {{"line", static_cast<std::int64_t>(first->second)}}}));
  }

  void open(const YAML::Mark& mark, YAML::anchor_t anchor, Node::Kind kind) {
    refuse_properties(mark, anchor);
    if (wants_key()) throw Stop{wrong(source_.place(mark), path(), {"base.yaml_key_not_text", {}})};
    if (stack_.size() == max_depth)
      throw Stop{wrong(source_.place(mark), "", {"base.yaml_too_deep", {{"limit", std::int64_t{max_depth}}}})};
    Frame frame;
    frame.node.kind = kind;
    frame.node.place = source_.place(mark);
    stack_.push_back(std::move(frame));
  }

  void close() {
    Node node = std::move(stack_.back().node);
    stack_.pop_back();
    put(std::move(node));
  }

  void put(Node node) {
    if (++values_ > max_values)
      throw Stop{wrong(node.place, "", {"base.yaml_too_many", {{"limit", std::int64_t{max_values}}}})};
    if (stack_.empty()) {
      root_ = std::move(node);
      return;
    }
    auto& frame = stack_.back();
    if (frame.node.kind == Node::Kind::list) {
      frame.node.items.push_back(std::move(node));
      return;
    }
    if (!frame.repeated)
      frame.node.entries.push_back({std::move(frame.key->first), std::move(frame.key->second), std::move(node)});
    frame.key.reset();
  }

  std::string path() const {
    std::string out;
    for (const auto& frame : stack_) {
      if (frame.node.kind == Node::Kind::list) {
        out += "[" + std::to_string(frame.node.items.size()) + "]";
      } else if (frame.key) {
        if (!out.empty()) out += ".";
        out += frame.key->first;
      }
    }
    return out;
  }

  const Source& source_;
  Errors& errors_;
  std::vector<Frame> stack_;
  Node root_;
  bool started_ = false;
  std::size_t values_ = 0;
};

/// yaml-cpp's English, as entries of the catalogue. By its beginning: some messages go on with what was found.
std::string syntax(std::string_view message) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 17> known{{
      {"illegal EOF in scalar", "base.yaml_quote_open"},
      {"illegal tab", "base.yaml_tab"},
      {"end of map flow", "base.yaml_brace_open"},
      {"end of sequence flow", "base.yaml_bracket_open"},
      {"illegal flow end", "base.yaml_bracket_unopened"},
      {"end of map not found", "base.yaml_indentation"},
      {"end of sequence not found", "base.yaml_indentation"},
      {"illegal map key", "base.yaml_indentation"},
      {"illegal map value", "base.yaml_map_value"},
      {"illegal block entry", "base.yaml_indentation"},
      {"unknown escape", "base.yaml_escape"},
      {"bad character found while scanning hex", "base.yaml_escape"},
      {"invalid unicode", "base.yaml_escape"},
      {"the referenced anchor", "base.yaml_alias"},
      {"alias not found", "base.yaml_alias"},
      {"anchor not found", "base.yaml_alias"},
      {"unknown token", "base.yaml_token"},
  }};
  for (const auto& [beginning, id] : known)
    if (message.starts_with(beginning)) return std::string(id);
  return "base.yaml_syntax";
}

/// Characters that YAML forbids. yaml-cpp would take U+0004 for the end of the file, in silence.
std::optional<std::size_t> forbidden(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if ((c < 0x20 && c != '\n' && c != '\t' && c != '\r') || c == 0x7f) return i;
  }
  return std::nullopt;
}

}  // namespace

const Node* Node::find(std::string_view key) const {
  for (const auto& entry : entries)
    if (entry.key == key) return &entry.value;
  return nullptr;
}

Checked<Node> parse_yaml(const std::string& whole, const std::string& file) {
  const auto refuse = [](Place place, Text text) {
    return std::unexpected(Errors{wrong(std::move(place), "", std::move(text))});
  };
  if (whole.size() > max_bytes)
    return refuse({file, 0, 0}, {"base.yaml_too_large", {{"limit", std::int64_t{max_bytes}}}});
  std::string text = whole.starts_with("\xef\xbb\xbf") ? whole.substr(3) : whole;
  const Source source(text, file);
  if (const auto good = valid_utf8_prefix(text); good < text.size())
    return refuse(source.at(good), {"base.not_utf8", {}});
  if (const auto bad = forbidden(text)) return refuse(source.at(*bad), {"base.yaml_control", {}});

  Errors errors;
  Builder builder(source, errors);
  try {
    std::istringstream stream(text);
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const Stop& stop) {
    errors.push_back(stop.error);
  } catch (const YAML::Exception& e) {
    errors.push_back(wrong(source.place(e.mark), "", {syntax(e.msg), {}}));
  }
  if (!errors.empty()) return std::unexpected(std::move(errors));
  Node root = builder.take();
  if (root.place.file.empty()) root.place = {file, 1, 1};  // an empty file
  return root;
}

Checked<Node> read_yaml(const std::filesystem::path& path) {
  auto text = read_file(path, max_bytes);
  if (!text) return std::unexpected(Errors{text.error()});
  return parse_yaml(*text, path.string());
}

}  // namespace broadcaster::base
