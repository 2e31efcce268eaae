// Requests about the record: verify, export, note.
//
// Verify and export read everything there is. They go in steps, each a work of its own in the store's queue, so that a
// release, a halt or a commit never waits for more than one of them.
#include <boost/json.hpp>
#include <memory>

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

/// step() again and again until it is complete; `done` gets what went wrong, or nothing.
template <class Stepper>
void step_through(journal::StoreThread& store, std::shared_ptr<Stepper> stepper,
                  std::function<void(base::Result<void>)> done) {
  store.run([stepper](journal::SqliteStore& s) { return stepper->step(s); },
            [&store, stepper, done](base::Result<typename Stepper::Progress> progress) {
              if (!progress) return done(std::unexpected(progress.error()));
              if (*progress == Stepper::Progress::complete) return done({});
              step_through(store, stepper, done);
            });
}

template <alert::Mode M>
void Requests<M>::verify(Reply reply) {
  auto begun = journal::RecordCheck::begin(tools_.options.state.folder);
  if (!begun) return reply(bad(begun.error()));
  const auto check = std::make_shared<journal::RecordCheck>(std::move(*begun));
  step_through(tools_.store, check, [check, reply](const base::Result<void>& read) {
    reply(read ? good(verified_json(check->report())) : bad(read.error()));
  });
}

template <alert::Mode M>
void Requests<M>::export_record(const Object& request, Reply reply) {
  const auto folder = string_of(request, "folder");
  const auto language = string_of(request, "language");
  with_alert(request, reply, [this, folder, language, reply](delivery::AlertId id) {
    tools_.store.run(
        [id, folder, language](journal::SqliteStore& store) {
          return journal::RecordExport::begin(store, id, folder, language);
        },
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
