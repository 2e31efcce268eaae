#include "broadcaster/journal/export.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <functional>

#include "broadcaster/approval/approval_json.hpp"
#include "broadcaster/approval/people.hpp"
#include "broadcaster/base/canonical_json.hpp"
#include "broadcaster/base/catalogue.hpp"
#include "broadcaster/journal/export_files.hpp"
#include "broadcaster/journal/export_report.hpp"
#include "broadcaster/journal/record.hpp"

namespace broadcaster::journal {
namespace {

namespace json = boost::json;
using Progress = RecordExport::Progress;
constexpr int page = 200;             // about 2 ms
constexpr int entries_a_step = 4;     // an entry of an expansion has about half a megabyte
constexpr std::size_t at_most = 200;  // lines of one kind in the report; the files have all

json::value utc(const std::optional<base::WallTime>& time) {
  return time ? json::value(base::format_utc(*time)) : json::value();
}

json::object counts(const StateCounts& states) {
  json::object out;
  for (const auto& [state, n] : states) out[delivery::name(state)] = n;
  return out;
}

std::string alert_json(const ExportFacts& facts) {
  const auto& alert = facts.status.alert;
  json::object endpoints;
  for (const auto& [endpoint, states] : facts.status.endpoints) endpoints[endpoint.value] = counts(states);
  json::object clock{{"source", "CLOCK_REALTIME"}, {"synchronised", base::name(facts.clock.synchronised)}};
  if (facts.clock.may_be_off) clock["may_be_off_ms"] = facts.clock.may_be_off->count();
  json::object out{{"identifier", alert.identifier},
                   {"code", alert.release.filling.code},
                   {"plan_digest", alert.plan_digest},
                   {"false_alarm", alert.release.false_alarm},
                   {"authority", approval::name(alert.release.authority)},
                   {"released_at", base::format_utc(alert.release.released_at)},
                   {"released_by", alert.release.released_by},
                   {"expires", base::format_utc(alert.expires)},
                   {"stopped_at", utc(alert.stopped_at)},
                   {"stop_reason", alert.stop_reason},
                   {"expanded", alert.expanded},
                   {"endpoints", std::move(endpoints)},
                   {"exported_at", facts.exported_at},
                   {"exported_by", facts.exported_by},
                   {"clock_at_export", std::move(clock)}};
  return base::canonical_json(json::value(std::move(out))) + "\n";
}

std::string signatures_json(const approval::StoredRelease& release) {
  json::array out;
  for (const auto& signature : release.signatures) out.push_back(approval::to_json(signature));
  return json::serialize(out) + "\n";
}

/// The plan that went out; nullopt: of a format that this program does not know. Then its bytes are exported all the
/// same, and the report says so.
std::optional<plan::Plan> plan_of(const approval::StoredRelease& release) {
  auto plan = plan::parse_plan(release.canonical_plan, "journal");
  if (!plan) return std::nullopt;
  if (!release.false_alarm) return std::move(*plan);
  if (!plan->false_alarm) return std::nullopt;
  return *plan->false_alarm;
}

/// What the far side gets: a text with its holes filled, or what a siren is told.
std::string bytes_of(const plan::Message& message, const plan::Filling& filling) {
  if (const auto* pieces = std::get_if<plan::Pieces>(&message.body)) return plan::fill(*pieces, filling);
  const auto& program = std::get<plan::SirenProgram>(message.body);
  return base::canonical_json(
      json::object{{"program", program.program},
                   {"duration_s", program.duration.count()},
                   {"targets", json::array(program.targets.begin(), program.targets.end())},
                   {"voice", json::array(program.voice_texts.begin(), program.voice_texts.end())}});
}

std::vector<SaidMessage> said(const plan::Plan& plan, const plan::Filling& filling) {
  std::vector<SaidMessage> out;
  for (const auto& message : plan.messages) {
    const auto endpoint = std::ranges::find(plan.endpoints, message.endpoint, &plan::PlannedEndpoint::name);
    const bool known = endpoint != plan.endpoints.end();
    auto text = bytes_of(message, filling);
    auto digest = base::hex(base::sha256(text));
    out.push_back({.endpoint = message.endpoint,
                   .channel = known ? endpoint->channel : "",
                   .destination = known ? endpoint->destination : "",
                   .language = message.language,
                   .zone = message.zone,
                   .form = message.form,
                   .text = std::move(text),
                   .sha256 = std::move(digest)});
  }
  return out;
}

std::string messages_jsonl(const std::vector<SaidMessage>& messages) {
  std::string out;
  for (const auto& message : messages)
    out += base::canonical_json(json::object{{"endpoint", message.endpoint.value},
                                             {"channel", message.channel},
                                             {"destination", message.destination},
                                             {"language", message.language.value},
                                             {"zone", message.zone.value},
                                             {"form", message.form},
                                             {"text", message.text},
                                             {"sha256", message.sha256}}) +
           "\n";
  return out;
}

/// No way out of the folder, and no file of ours is replaced.
bool plain_name(std::string_view name) {
  constexpr std::string_view ours[] = {"report.html", "alert.json",     "plan.json",      "signatures.json",
                                       "people.yaml", "messages.jsonl", "record.jsonl",   "record-key.pem",
                                       "README.txt",  "SHA256SUMS",     "SHA256SUMS.sig", "numbers.csv"};
  for (const std::string_view table : {"deliveries.", "attempts.", "evidence."})
    if (name.starts_with(table)) return false;
  if (name.empty() || name.size() > 60 || name.front() == '.' || std::ranges::find(ours, name) != std::end(ours))
    return false;
  return std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
  });
}

}  // namespace

std::string_view check_by_hand() {
  return R"(import hashlib
h = bytes(32)
for line in open("record.jsonl", "rb"):
    h = hashlib.sha256(h + line[83:-2]).digest()
    assert line[9:73].decode() == h.hex(), line[:200]
print(h.hex())
)";
}

struct RecordExport::Inner {
  using Part = std::move_only_function<base::Result<Progress>(SqliteStore&)>;

  Inner(ExportOptions given, AlertId which) : options(std::move(given)), alert(which), manifest(options.out) {}

  base::Result<void> write_small_files();
  bool belongs_to_the_course(const RecordEntry& entry) const;
  void add_tables();
  void add_record();
  base::Result<void> finish();
  template <class Next, class Read, class Write, class File>
  void part(File file, Read read, Write write);

  ExportOptions options;
  AlertId alert;
  Manifest manifest;
  ExportFacts facts;
  RecordHead head;          ///< the record is exported up to here
  std::vector<Part> parts;  ///< a file that is under way; the last is written now
};

/// Pages of a table of the journal go into a file; `Next` is where it goes on.
template <class Next, class Read, class Write, class File>
void RecordExport::Inner::part(File file, Read read, Write write) {
  parts.emplace_back(
      [file = std::move(file), read, write, after = Next()](SqliteStore& store) mutable -> base::Result<Progress> {
        const auto rows = read(store, after);
        if (!rows) return std::unexpected(rows.error());
        if (rows->empty()) {
          if (auto closed = file.close(); !closed) return std::unexpected(closed.error());
          return Progress::complete;
        }
        for (const auto& row : *rows) after = write(file, row);
        return Progress::more;
      });
}

base::Result<void> RecordExport::Inner::write_small_files() {
  const auto& release = facts.status.alert.release;
  std::map<std::string, std::string> files = {{"alert.json", alert_json(facts)},
                                              {"plan.json", release.canonical_plan},
                                              {"signatures.json", signatures_json(release)},
                                              {"people.yaml", release.people_yaml},
                                              {"messages.jsonl", messages_jsonl(facts.said)}};
  files.insert(options.more.begin(), options.more.end());
  if (release.glass) files["glass.json"] = json::serialize(approval::to_json(*release.glass)) + "\n";
  if (release.fired) {
    files["form.json"] = release.fired->canonical_form;
    files["firing.json"] = json::serialize(approval::to_json(release.fired->firing)) + "\n";
  }
  if (options.key) files["record-key.pem"] = base::pem_of(options.key->key.public_key());
  files["README.txt"] =
      base::Catalogue::of(options.language)
          .say(base::Text{"journal.export_readme",
                          {{"identifier", facts.status.alert.identifier},
                           {"plan", facts.status.alert.plan_digest},
                           {"key", options.key ? base::hex(options.key->key.public_key()) : std::string("–")},
                           {"script", std::string(check_by_hand())},
                           {"entries", std::to_string(head.seq)},
                           {"head", base::hex(head.hash)}}}) +
      "\n";
  for (const auto& [name, content] : files)
    if (auto written = manifest.write(name, content); !written) return written;
  return {};
}

void RecordExport::Inner::add_tables() {
  const auto id = alert;
  part<delivery::DeliveryId>(
      Table(manifest, "deliveries",
            {"delivery", "route", "endpoint", "recipient", "language", "zone", "state", "attempts", "why"}),
      [id](auto& s, auto after) { return s.deliveries(id, after, page); },
      [](Table& table, const DeliveryLine& line) {
        table.add(json::array{line.id.value, line.route.value, line.endpoint.value, line.recipient, line.language.value,
                              line.zone.value, delivery::name(line.state), line.attempts, line.why});
        return line.id;
      });
  part<delivery::AttemptId>(
      Table(manifest, "attempts", {"delivery", "attempt", "endpoint", "at", "ended", "outcome", "answer", "why"}),
      [id](auto& s, auto after) { return s.attempts(id, after, page); },
      [this](Table& table, const AttemptLine& line) {
        table.add(json::array{line.id.delivery.value, line.id.number, line.endpoint.value, base::format_utc(line.at),
                              utc(line.ended), line.outcome, line.ref, line.why});
        ++facts.outcomes[line.endpoint][line.outcome];
        const std::tuple reason{line.endpoint.value, line.outcome, line.why};
        if (line.outcome != "accepted" && (facts.reasons.size() < at_most || facts.reasons.contains(reason)))
          ++facts.reasons[reason];
        return line.id;
      });
  part<EvidenceId>(
      Table(manifest, "evidence", {"delivery", "number", "endpoint", "proof", "kind", "at", "detail"}),
      [id](auto& s, auto after) { return s.evidence(id, after, page); },
      [this](Table& table, const EvidenceLine& line) {
        table.add(json::array{line.id.delivery.value, line.id.number, line.endpoint.value, line.proof, line.kind,
                              base::format_utc(line.at), line.detail});
        ++facts.evidence[line.endpoint][line.kind];
        if (line.kind == "read_back_differs" && facts.differences.size() < at_most) facts.differences.push_back(line);
        return line.id;
      });
  if (options.numbers == ExportOptions::Numbers::hashed) return;
  Lines numbers(manifest, "numbers.csv");
  numbers.add("delivery,number");
  part<delivery::DeliveryId>(
      std::move(numbers), [id](auto& s, auto after) { return s.recipients(id, after, page); },
      [](Lines& file, const RecipientLine& line) {
        // A spreadsheet would take a number for a sum: it stands as text.
        if (line.recipient.starts_with('+'))
          file.add(fmt::format("{},{}", line.delivery.value, csv_field(line.recipient)));
        return line.delivery;
      });
}

/// What people did or were told since the day before, and what the machine said of itself; record.jsonl has the rest.
bool RecordExport::Inner::belongs_to_the_course(const RecordEntry& entry) const {
  constexpr std::string_view not_for_people[] = {"commit", "expanded", "value", "checkpoint", "code", "swept"};
  const auto from = facts.status.alert.release.released_at - std::chrono::hours(24);
  return base::WallTime(base::milliseconds(entry.at_ms)) >= from &&
         std::ranges::find(not_for_people, entry.kind) == std::end(not_for_people);
}

void RecordExport::Inner::add_record() {
  part<std::int64_t>(
      Lines(manifest, "record.jsonl"),
      [this](SqliteStore& store, std::int64_t after) -> base::Result<std::vector<RecordEntry>> {
        if (after >= head.seq) return std::vector<RecordEntry>{};
        return store.record(after, static_cast<int>(std::min<std::int64_t>(entries_a_step, head.seq - after)));
      },
      [this](Lines& file, const RecordEntry& entry) {
        const auto* bytes = reinterpret_cast<const std::uint8_t*>(entry.hash.data());
        // The entry stands last and byte for byte, so that it can be cut out and hashed.
        file.add(fmt::format(R"({{"hash":"{}","entry":{}}})", base::hex({bytes, entry.hash.size()}), entry.entry));
        if (!facts.wrong) facts.wrong = facts.chain.add(entry);
        if (belongs_to_the_course(entry) && facts.course.size() < at_most) {
          json::error_code error;
          auto inside = json::parse(entry.entry, error);
          if (auto* object = error ? nullptr : inside.if_object()) {
            for (const auto* key : {"at", "kind", "seq", "signatures", "filling"}) object->erase(key);
            facts.course.push_back({base::format_utc(base::WallTime(base::milliseconds(entry.at_ms))), entry.seq,
                                    entry.kind, json::serialize(inside)});
          }
        }
        return entry.seq;
      });
}

base::Result<void> RecordExport::Inner::finish() {
  if (auto written = manifest.write("report.html", export_report(facts)); !written) return written;
  const auto sums = manifest.text();
  if (auto written = manifest.write("SHA256SUMS", sums); !written) return written;
  if (!options.key) return {};
  const auto signature = options.key->key.sign(sums);
  return manifest.write("SHA256SUMS.sig", {reinterpret_cast<const char*>(signature.data()), signature.size()});
}

base::Result<RecordExport> RecordExport::begin(SqliteStore& store, AlertId alert, ExportOptions options) {
  auto status = store.status(alert);
  if (!status) return std::unexpected(status.error());
  for (const auto& [name, _] : options.more)
    if (!plain_name(name)) return base::fail(base::ErrorKind::bad_input, {"journal.export_name", {{"name", name}}});
  std::error_code error;
  std::filesystem::create_directories(options.out, error);
  if (error)
    return base::fail(base::ErrorKind::unavailable, {"journal.cannot_export", {{"file", options.out.string()}}});
  if (!std::filesystem::is_empty(options.out, error))
    return base::fail(base::ErrorKind::bad_input, {"journal.export_not_empty", {{"folder", options.out.string()}}});
  const bool clear = options.numbers == ExportOptions::Numbers::clear;
  if (clear) std::filesystem::permissions(options.out, std::filesystem::perms::owner_all, error);

  const auto now = base::SystemClock().now().wall;
  const auto note = base::canonical_json(json::object{{"alert", status->alert.identifier},
                                                      {"by", clean_text(options.by)},
                                                      {"numbers", clear ? "clear" : "hashed"},
                                                      {"why", clean_text(options.why)}});
  if (auto noted = store.note("exported", note, now); !noted) return std::unexpected(noted.error());
  if (options.key)
    if (auto made = store.sign_record(options.key->key); !made) return std::unexpected(made.error());

  auto inner = std::make_unique<Inner>(std::move(options), alert);
  std::tie(inner->head.seq, inner->head.hash) = store.record_head();
  auto& facts = inner->facts;
  facts.language = inner->options.language;
  facts.time_zone = inner->options.time_zone;
  facts.time_zone_name = inner->options.time_zone_name;
  facts.mode = inner->options.mode;
  facts.plan = plan_of(status->alert.release);
  if (facts.plan) facts.said = said(*facts.plan, status->alert.release.filling);
  if (const auto people = approval::parse_people(status->alert.release.people_yaml, "people.yaml"))
    for (const auto& person : people->persons) facts.persons[person.id] = person.name;
  facts.status = std::move(*status);
  facts.numbers = clear ? "clear" : "hashed";
  facts.exported_at = base::format_utc(now);
  facts.exported_by = inner->options.by;
  facts.clock = base::clock_state();

  if (auto written = inner->write_small_files(); !written) return std::unexpected(written.error());
  inner->add_record();
  inner->add_tables();
  return RecordExport(std::move(inner));
}

base::Result<RecordExport::Progress> RecordExport::step(SqliteStore& store) {
  auto& parts = inner_->parts;
  const auto progress = parts.back()(store);
  if (!progress) return progress;
  if (*progress == Progress::complete) parts.pop_back();
  if (!parts.empty()) return Progress::more;
  if (auto finished = inner_->finish(); !finished) return std::unexpected(finished.error());
  return Progress::complete;
}

RecordExport::RecordExport(std::unique_ptr<Inner> inner) : inner_(std::move(inner)) {}
RecordExport::RecordExport(RecordExport&&) noexcept = default;
RecordExport& RecordExport::operator=(RecordExport&&) noexcept = default;
RecordExport::~RecordExport() = default;

base::Result<void> export_record(SqliteStore& store, AlertId alert, ExportOptions options) {
  auto made = RecordExport::begin(store, alert, std::move(options));
  if (!made) return std::unexpected(made.error());
  for (;;) {
    const auto progress = made->step(store);
    if (!progress) return std::unexpected(progress.error());
    if (*progress == RecordExport::Progress::complete) return {};
  }
}

}  // namespace broadcaster::journal
