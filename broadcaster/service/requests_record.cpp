// Requests about the record: verify, export, note.
#include <boost/json.hpp>

#include "broadcaster/base/canonical_json.hpp"
#include "broadcaster/journal/export.hpp"
#include "broadcaster/journal/verify.hpp"
#include "broadcaster/service/request_fields.hpp"
#include "broadcaster/service/requests.hpp"
#include "broadcaster/service/wire.hpp"

namespace broadcaster::service {
namespace json = boost::json;
namespace {

json::object verified_json(const journal::VerifyReport& report) {
  json::object object{{"entries", report.entries},
                      {"head", json::object{{"seq", report.head.seq}, {"hash", base::hex(report.head.hash)}}},
                      {"whole", !report.first_bad.has_value()}};
  if (report.first_bad) {
    object["first_bad"] = *report.first_bad;
    object["reason"] = to_json(report.reason);
  }
  return object;
}

}  // namespace

template <alert::Mode M>
void Requests<M>::verify(Reply reply) {
  tools_.store.run([](journal::SqliteStore& store) { return journal::verify(store); },
                   [reply](base::Result<journal::VerifyReport> report) {
                     if (!report) return reply(bad(report.error()));
                     reply(good(verified_json(*report)));
                   });
}

template <alert::Mode M>
void Requests<M>::export_record(const Object& request, Reply reply) {
  const auto folder = string_of(request, "folder");
  const auto language = string_of(request, "language");
  with_alert(request, reply, [this, folder, language, reply](delivery::AlertId id) {
    tools_.store.run([id, folder, language](
                         journal::SqliteStore& store) { return journal::export_record(store, id, folder, language); },
                     [reply, folder](base::Result<void> result) {
                       reply(result ? good({{"folder", folder}}) : bad(result.error()));
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

template void Requests<alert::Mode::live>::verify(Reply);
template void Requests<alert::Mode::live>::export_record(const boost::json::object&, Reply);
template void Requests<alert::Mode::live>::note(const boost::json::object&, Reply);

template void Requests<alert::Mode::drill>::verify(Reply);
template void Requests<alert::Mode::drill>::export_record(const boost::json::object&, Reply);
template void Requests<alert::Mode::drill>::note(const boost::json::object&, Reply);

}  // namespace broadcaster::service
