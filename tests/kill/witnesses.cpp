#include "tests/kill/witnesses.hpp"

#include <algorithm>
#include <fstream>

#include "broadcaster/journal/sqlite.hpp"

namespace broadcaster::kill {

base::Result<std::vector<Stands>> read_journal(const std::filesystem::path& state) try {
  journal::sqlite::Database db(state / "journal.db", "");
  std::vector<Stands> all;
  auto rows = db.query(
      "SELECT d.id, iif(d.endpoint = '', r.first_endpoint, d.endpoint), d.recipient, d.state FROM delivery d"
      " JOIN route r ON r.alert = d.alert AND r.n = d.route ORDER BY d.id");
  while (rows.next()) {
    Stands one{rows.text(1), rows.text(2), static_cast<delivery::State>(rows.integer(3)), {}};
    auto attempts = db.query("SELECT outcome FROM attempt WHERE delivery = ?1 ORDER BY n", rows.integer(0));
    while (attempts.next()) one.outcomes.push_back(attempts.text(0));
    all.push_back(std::move(one));
  }
  return all;
} catch (const journal::sqlite::Failure& failure) {
  return base::fail(base::ErrorKind::unavailable,
                    {"journal.io_error", {{"folder", state.string()}, {"reason", std::string(failure.what())}}});
}

namespace {

bool holds_word(const std::string& text, const std::string& word) {
  const auto letter = [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'); };
  for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) {
    const auto end = at + word.size();
    if ((at == 0 || !letter(text[at - 1])) && (end == text.size() || !letter(text[end]))) return true;
  }
  return false;
}

int sounds_of(const std::filesystem::path& file, const std::string& identifier) {
  std::ifstream in(file);
  int count = 0;
  for (std::string line; std::getline(in, line);) count += line == identifier ? 1 : 0;
  return count;
}

}  // namespace

Got gather(const std::vector<Planned>& planned, const std::vector<drill::SeenText>& seen, const std::string& code,
           const std::filesystem::path& sounds, const std::string& identifier) {
  Got got;
  for (const auto& text : seen) {
    if (!holds_word(text.text, code)) continue;
    if (text.where == "mastodon") ++got[{"mastodon-drill", text.language}];
    if (text.where == "webhook") ++got[{"partners-drill", text.language}];
    if (text.where != "phone") continue;
    const auto whose = std::ranges::find(planned, text.who, &Planned::who);
    ++got[{whose == planned.end() ? "nobody" : whose->endpoint, text.who}];
  }
  for (const auto& one : planned)
    if (one.endpoint == "sirens-drill") got[{one.endpoint, one.who}] = sounds_of(sounds / one.who, identifier);
  return got;
}

}  // namespace broadcaster::kill
