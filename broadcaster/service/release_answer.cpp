#include "broadcaster/service/release_answer.hpp"

#include <boost/json.hpp>

namespace broadcaster::service {

std::string identifier_of(const std::string& code, base::WallTime now) {
  std::string stamp = base::format_utc(now).substr(0, 19);
  std::erase_if(stamp, [](char c) { return c == '-' || c == ':'; });
  return code + "-" + stamp + "Z";
}

MaybeAlert release_of(journal::SqliteStore& store, const std::string& digest, journal::SqliteStore::ReleaseOf what) {
  const auto known = store.find_release(digest, what);
  if (!known) return std::unexpected(known.error());
  if (!*known) return std::nullopt;
  auto alert = store.alert(**known);
  if (!alert) return std::unexpected(alert.error());
  return std::move(*alert);
}

boost::json::object stored_answer(const journal::StoredAlert& alert, journal::Inserted::How how) {
  return {{"alert", alert.identifier},
          {"id", alert.id.value},
          {"code", alert.release.filling.code},
          {"how", how == journal::Inserted::How::joined ? "joined" : "released"}};
}

}  // namespace broadcaster::service
