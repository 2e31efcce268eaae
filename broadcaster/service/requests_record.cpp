// Requests about the record: verify, key, export, erase, note.
//
// Verify and export read everything there is. They go in steps, each a work of its own in the store's queue, so that a
// release, a halt or a commit never waits for more than one of them.
#include <boost/json.hpp>
#include <memory>

#include "broadcaster/base/canonical_json.hpp"
#include "broadcaster/journal/erasure.hpp"
#include "broadcaster/journal/export.hpp"
#include "broadcaster/journal/verify.hpp"
#include "broadcaster/service/request_fields.hpp"
#include "broadcaster/service/requests.hpp"
#include "broadcaster/service/step_through.hpp"
#include "broadcaster/service/wire.hpp"

namespace broadcaster::service {
namespace json = boost::json;
namespace {

json::object to_json(const journal::Erasure& alert) {
  return {{"identifier", alert.identifier},
          {"code", alert.code},
          {"ended", base::format_utc(alert.ended)},
          {"deliveries", alert.deliveries},
          {"erased_at", alert.erased_at ? json::value(base::format_utc(*alert.erased_at)) : json::value()},
          {"open", alert.open ? service::to_json(*alert.open) : json::value()}};
}

json::object to_json(const journal::ErasureReport& report) {
  json::array alerts;
  for (const auto& alert : report.alerts) alerts.push_back(to_json(alert));
  return {{"alerts", std::move(alerts)},
          {"numbers", report.numbers},
          {"snapshots", json::array(report.snapshots.begin(), report.snapshots.end())}};
}

/// The strings of a list; what is no list has none.
std::vector<std::string> strings_of(const json::object& request, std::string_view key) {
  std::vector<std::string> out;
  const auto* list = request.if_contains(key);
  if (list == nullptr || !list->is_array()) return out;
  for (const auto& value : list->get_array())
    if (value.is_string()) out.emplace_back(value.get_string());
  return out;
}

}  // namespace

template <alert::Mode M>
void Requests<M>::verify(const Object& request, Reply reply) {
  const auto kept = journal::kept_from(strings_of(request, "heads"), strings_of(request, "keys"));
  if (!kept) return reply(bad(kept.error()));
  auto begun = journal::RecordCheck::begin(tools_.options.state.folder, *kept);
  if (!begun) return reply(bad(begun.error()));
  const auto check = std::make_shared<journal::RecordCheck>(std::move(*begun));
  step_through(tools_.store, check, [check, reply](const base::Result<void>& read) {
    reply(read ? good(to_json(check->report())) : bad(read.error()));
  });
}

template <alert::Mode M>
void Requests<M>::record_key(const Reply& reply) {
  const auto& key = tools_.options.record_key;
  if (!key) return reply(bad(base::Error{base::ErrorKind::unavailable, {"service.record_unsigned", {}}, {}, {}}));
  using Head = std::pair<std::int64_t, base::Digest>;
  tools_.store.run([](journal::SqliteStore& store) -> base::Result<Head> { return store.record_head(); },
                   [key = key->known(), reply](base::Result<Head> head) {
                     if (!head) return reply(bad(head.error()));
                     reply(good({{"key", base::hex(key.key)},
                                 {"since", journal::text_of(*key.since)},
                                 {"head", journal::text_of({head->first, head->second})}}));
                   });
}

template <alert::Mode M>
void Requests<M>::export_record(const Object& request, const net::Peer& peer, Reply reply) {
  using Numbers = journal::ExportOptions::Numbers;
  journal::ExportOptions options{.out = string_of(request, "folder"),
                                 .mode = M,
                                 .language = string_of(request, "language"),
                                 .time_zone = string_of(request, "time_zone"),
                                 .time_zone_name = string_of(request, "time_zone_name"),
                                 .numbers = string_of(request, "numbers") == "clear" ? Numbers::clear : Numbers::hashed,
                                 .why = string_of(request, "why"),
                                 .by = by_whom(request, peer),
                                 .more = {},
                                 .key = tools_.options.record_key};
  if (options.numbers == Numbers::clear && options.why.empty())
    return reply(bad(base::Error{base::ErrorKind::usage, {"service.numbers_need_a_reason", {}}, {}, {}}));
  if (const auto* files = request.if_contains("files"); files != nullptr && files->is_object())
    for (const auto& [name, content] : files->get_object())
      if (content.is_string()) options.more.emplace(name, content.get_string());
  with_alert(request, reply, [this, options = std::move(options), reply](delivery::AlertId id) {
    const auto folder = options.out.string();
    tools_.store.run(
        [id, options](journal::SqliteStore& store) { return journal::RecordExport::begin(store, id, options); },
        [this, reply, folder](base::Result<journal::RecordExport> begun) {
          if (!begun) return reply(bad(begun.error()));
          step_through(tools_.store, std::make_shared<journal::RecordExport>(std::move(*begun)),
                       [reply, folder](const base::Result<void>& written) {
                         reply(written ? good({{"folder", folder}}) : bad(written.error()));
                       });
        });
  });
}

template <alert::Mode M>
void Requests<M>::erase(const Object& request, const net::Peer& peer, Reply reply) {
  using What = journal::ErasePeople::What;
  const auto before = base::parse_utc(string_of(request, "before"));
  if (!before) return reply(bad(before.error()));
  const auto* trial = request.if_contains("trial");
  const auto what = trial != nullptr && trial->is_bool() && trial->get_bool() ? What::trial : What::erase;
  const auto now = tools_.clock.now().wall;
  const auto note =
      base::canonical_json(json::object{{"before", base::format_utc(*before)}, {"by", by_whom(request, peer)}});
  tools_.store.run(
      [before = *before, now, what, note](journal::SqliteStore& store) -> base::Result<journal::ErasePeople> {
        // Who wanted it stands on the record before the first number goes.
        if (what == What::erase)
          if (auto noted = store.note("erase", note, now); !noted) return std::unexpected(noted.error());
        return journal::ErasePeople::begin(store, before, now, what);
      },
      [this, reply](base::Result<journal::ErasePeople> begun) {
        if (!begun) return reply(bad(begun.error()));
        const auto erasing = std::make_shared<journal::ErasePeople>(std::move(*begun));
        step_through(tools_.store, erasing, [erasing, reply](const base::Result<void>& done) {
          reply(done ? good(to_json(erasing->report())) : bad(done.error()));
        });
      });
}

template <alert::Mode M>
void Requests<M>::note(const Object& request, Reply reply) {
  const auto* entry = request.if_contains("entry");
  tools_.store.run(
      [kind = string_of(request, "kind"),
       canonical = base::canonical_json(entry ? *entry : json::value(json::object())),
       now = tools_.clock.now().wall](journal::SqliteStore& store) { return store.note(kind, canonical, now); },
      [reply](base::Result<void> result) { reply(result ? good() : bad(result.error())); });
}

template void Requests<alert::Mode::live>::verify(const boost::json::object&, Reply);
template void Requests<alert::Mode::live>::record_key(const Reply&);
template void Requests<alert::Mode::live>::export_record(const boost::json::object&, const net::Peer&, Reply);
template void Requests<alert::Mode::live>::erase(const boost::json::object&, const net::Peer&, Reply);
template void Requests<alert::Mode::live>::note(const boost::json::object&, Reply);

template void Requests<alert::Mode::drill>::verify(const boost::json::object&, Reply);
template void Requests<alert::Mode::drill>::record_key(const Reply&);
template void Requests<alert::Mode::drill>::export_record(const boost::json::object&, const net::Peer&, Reply);
template void Requests<alert::Mode::drill>::erase(const boost::json::object&, const net::Peer&, Reply);
template void Requests<alert::Mode::drill>::note(const boost::json::object&, Reply);

}  // namespace broadcaster::service
