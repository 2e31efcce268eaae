#include "broadcaster/journal/export_files.hpp"

#include <fmt/format.h>

#include <boost/json/object.hpp>

#include "broadcaster/base/canonical_json.hpp"
#include "broadcaster/base/files.hpp"

namespace broadcaster::journal {

base::Result<void> Manifest::write(const std::string& name, std::string_view content) {
  if (auto written = base::write_file(folder_ / name, content); !written) return written;
  add(name, base::sha256(content));
  return {};
}

std::string Manifest::text() const {
  std::string out;
  for (const auto& [name, digest] : digests_) out += base::hex(digest) + "  " + name + "\n";
  return out;
}

Lines::Lines(Manifest& manifest, std::string name)
    : manifest_(&manifest), name_(std::move(name)), file_(manifest.folder() / name_, std::ios::binary) {}

void Lines::add(std::string_view line) {
  file_ << line << '\n';
  sum_.update(line);
  sum_.update("\n");
}

base::Result<void> Lines::close() {
  file_.close();
  if (!file_)
    return base::fail(base::ErrorKind::unavailable,
                      {"journal.cannot_export", {{"file", (manifest_->folder() / name_).string()}}});
  manifest_->add(name_, sum_.finish());
  return {};
}

std::string csv_field(std::string_view text) {
  std::string out;
  if (!text.empty() && std::string_view("=+-@\t\r\n").find(text.front()) != std::string_view::npos) out += '\'';
  out += text;
  if (out.find_first_of("\",\r\n") == std::string::npos) return out;
  std::string quoted = "\"";
  for (const char c : out) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

Table::Table(Manifest& manifest, const std::string& name, Columns columns)
    : columns_(std::move(columns)), csv_(manifest, name + ".csv"), json_(manifest, name + ".jsonl") {
  csv_.add(fmt::format("{}", fmt::join(columns_, ",")));
}

void Table::add(const boost::json::array& row) {
  boost::json::object object;
  std::string line;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    const auto& value = row.at(i);
    object[columns_[i]] = value;
    if (i > 0) line += ',';
    if (value.is_string())
      line += csv_field({value.get_string().data(), value.get_string().size()});
    else if (!value.is_null())
      line += fmt::format("{}", value.to_number<std::int64_t>());
  }
  csv_.add(line);
  json_.add(base::canonical_json(std::move(object)));
}

base::Result<void> Table::close() {
  auto csv = csv_.close();
  auto json = json_.close();
  return csv ? std::move(json) : std::move(csv);
}

}  // namespace broadcaster::journal
