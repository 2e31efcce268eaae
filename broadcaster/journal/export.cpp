#include "broadcaster/journal/export.hpp"

#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <fstream>

#include "broadcaster/approval/approval_json.hpp"
#include "broadcaster/base/canonical_json.hpp"
#include "broadcaster/base/catalogue.hpp"
#include "broadcaster/base/files.hpp"

namespace broadcaster::journal {
namespace {

namespace json = boost::json;
constexpr int page = 200;          // about 2 ms
constexpr int entries_a_step = 4;  // an entry of an expansion has about half a megabyte

/// A file that is written line by line; the disk's answer is asked for at the end.
class Lines {
 public:
  explicit Lines(std::filesystem::path path) : path_(std::move(path)), file_(path_, std::ios::binary) {}
  void add(std::string_view line) { file_ << line << '\n'; }
  base::Result<void> close() {
    file_.close();
    if (!file_) return base::fail(base::ErrorKind::unavailable, {"journal.cannot_export", {{"file", path_.string()}}});
    return {};
  }

 private:
  std::filesystem::path path_;
  std::ofstream file_;
};

/// RFC 4180. A leading = + - @ would be a formula in a spreadsheet.
std::string csv(std::string_view text) {
  std::string out;
  if (!text.empty() && std::string_view("=+-@").find(text.front()) != std::string_view::npos) out += '\'';
  out += text;
  if (out.find_first_of("\",\r\n") == std::string::npos) return out;
  std::string quoted = "\"";
  for (const char c : out) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

json::object counts(const StateCounts& states) {
  json::object out;
  for (const auto& [state, n] : states) out[delivery::name(state)] = n;
  return out;
}

std::string alert_json(const AlertStatus& status) {
  const auto& alert = status.alert;
  json::object endpoints;
  for (const auto& [endpoint, states] : status.endpoints) endpoints[endpoint.value] = counts(states);
  json::object out{{"identifier", alert.identifier},
                   {"code", alert.release.filling.code},
                   {"plan_digest", alert.plan_digest},
                   {"false_alarm", alert.release.false_alarm},
                   {"authority", approval::name(alert.release.authority)},
                   {"released_at", base::format_utc(alert.release.released_at)},
                   {"released_by", alert.release.released_by},
                   {"expires", base::format_utc(alert.expires)},
                   {"stopped_at", alert.stopped_at ? json::value(base::format_utc(*alert.stopped_at)) : json::value()},
                   {"stop_reason", alert.stop_reason},
                   {"expanded", alert.expanded},
                   {"endpoints", std::move(endpoints)}};
  return base::canonical_json(json::value(std::move(out))) + "\n";
}

std::string signatures_json(const approval::StoredRelease& release) {
  json::array out;
  for (const auto& signature : release.signatures) out.push_back(approval::to_json(signature));
  return json::serialize(out) + "\n";
}

using Progress = RecordExport::Progress;

/// A table of the journal that goes into a file, `page` lines at a time. `Next` is where it goes on.
template <class Next, class Read, class Write>
auto table_into(Lines file, Read read, Write write) {
  return [file = std::move(file), read, write, after = Next()](SqliteStore& store) mutable -> base::Result<Progress> {
    const auto rows = read(store, after);
    if (!rows) return std::unexpected(rows.error());
    if (rows->empty()) {
      if (auto closed = file.close(); !closed) return std::unexpected(closed.error());
      return Progress::complete;
    }
    for (const auto& row : *rows) after = write(file, row);
    return Progress::more;
  };
}

delivery::DeliveryId write_delivery(Lines& file, const DeliveryLine& line) {
  std::string evidence;
  for (const auto& proof : line.evidence) evidence += (evidence.empty() ? "" : "; ") + proof;
  file.add(fmt::format("{},{},{},{},{},{},{},{},{},{}", line.id.value, line.route.value, csv(line.endpoint.value),
                       csv(line.recipient), csv(line.language.value), csv(line.zone.value), delivery::name(line.state),
                       line.attempts, csv(line.why), csv(evidence)));
  return line.id;
}

delivery::AttemptId write_attempt(Lines& file, const AttemptLine& line) {
  json::object out{{"delivery", line.id.delivery.value},
                   {"attempt", line.id.number},
                   {"endpoint", line.endpoint.value},
                   {"at", base::format_utc(line.at)},
                   {"ended", line.ended ? json::value(base::format_utc(*line.ended)) : json::value()},
                   {"outcome", line.outcome},
                   {"why", line.why}};
  file.add(base::canonical_json(json::value(std::move(out))));
  return line.id;
}

std::int64_t write_entry(Lines& file, const RecordEntry& entry) {
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(entry.hash.data());
  // The entry stands last and byte for byte, so that it can be cut out and hashed.
  file.add(fmt::format(R"({{"hash":"{}","entry":{}}})", base::hex({bytes, entry.hash.size()}), entry.entry));
  return entry.seq;
}

std::string readme(const SqliteStore& store, const AlertStatus& status, const std::string& language) {
  const auto [seq, hash] = store.record_head();
  return base::Catalogue::of(language).say(base::Text{"journal.export_readme",
                                                      {{"identifier", status.alert.identifier},
                                                       {"plan", status.alert.plan_digest},
                                                       {"entries", std::to_string(seq)},
                                                       {"head", base::hex(hash)}}}) +
         "\n";
}

}  // namespace

base::Result<RecordExport> RecordExport::begin(SqliteStore& store, AlertId alert, const std::filesystem::path& out,
                                               const std::string& language) {
  const auto status = store.status(alert);
  if (!status) return std::unexpected(status.error());
  std::error_code error;
  std::filesystem::create_directories(out, error);
  if (error) return base::fail(base::ErrorKind::unavailable, {"journal.cannot_export", {{"file", out.string()}}});
  if (!std::filesystem::is_empty(out, error))
    return base::fail(base::ErrorKind::bad_input, {"journal.export_not_empty", {{"folder", out.string()}}});

  const auto& release = status->alert.release;
  const std::pair<const char*, std::string> files[] = {{"alert.json", alert_json(*status)},
                                                       {"plan.json", release.canonical_plan},
                                                       {"signatures.json", signatures_json(release)},
                                                       {"people.yaml", release.people_yaml},
                                                       {"README.txt", readme(store, *status, language)}};
  for (const auto& [name, content] : files)
    if (auto written = base::write_file(out / name, content); !written) return std::unexpected(written.error());

  RecordExport made;
  made.parts_.emplace_back(table_into<std::int64_t>(
      Lines(out / "record.jsonl"), [](auto& s, auto after) { return s.record(after, entries_a_step); }, write_entry));
  made.parts_.emplace_back(table_into<delivery::AttemptId>(
      Lines(out / "attempts.jsonl"), [alert](auto& s, auto after) { return s.attempts(alert, after, page); },
      write_attempt));
  Lines deliveries(out / "deliveries.csv");
  deliveries.add("delivery,route,endpoint,recipient,language,zone,state,attempts,why,evidence");
  made.parts_.emplace_back(table_into<delivery::DeliveryId>(
      std::move(deliveries), [alert](auto& s, auto after) { return s.deliveries(alert, after, page); },
      write_delivery));
  return made;
}

base::Result<RecordExport::Progress> RecordExport::step(SqliteStore& store) {
  const auto progress = parts_.back()(store);
  if (!progress) return progress;
  if (*progress == Progress::complete) parts_.pop_back();
  return parts_.empty() ? Progress::complete : Progress::more;
}

base::Result<void> export_record(SqliteStore& store, AlertId alert, const std::filesystem::path& out,
                                 const std::string& language) {
  auto made = RecordExport::begin(store, alert, out, language);
  if (!made) return std::unexpected(made.error());
  for (;;) {
    const auto progress = made->step(store);
    if (!progress) return std::unexpected(progress.error());
    if (*progress == RecordExport::Progress::complete) return {};
  }
}

}  // namespace broadcaster::journal
