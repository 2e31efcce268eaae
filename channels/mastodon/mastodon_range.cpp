#include "channels/mastodon/mastodon_range.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>

#include "broadcaster/base/unicode.hpp"
#include "channels/http/query.hpp"
#include "channels/mastodon/status_text.hpp"

namespace broadcaster::channels::mastodon {
namespace {

namespace json = boost::json;

constexpr auto key_life = std::chrono::hours(1);
constexpr auto window = std::chrono::minutes(5);
constexpr std::size_t link_length = 23;
constexpr std::size_t most_shown = 40;

RangeAnswer answer(int status, std::string body) {
  return {.status = status, .headers = {{"Content-Type", "application/json; charset=utf-8"}}, .body = std::move(body)};
}

RangeAnswer error(int status, std::string_view words) {
  return answer(status, json::serialize(json::object{{"error", words}}));
}

/// As the server counts: grapheme clusters, every link as 23.
std::size_t characters(std::string_view text) {
  std::size_t links = 0;
  std::string rest;
  while (!text.empty()) {
    if (text.starts_with("https://") || text.starts_with("http://")) {
      ++links;
      const auto end = text.find_first_of(" \n\t");
      text = end == std::string_view::npos ? std::string_view() : text.substr(end);
    } else {
      rest += text.front();
      text.remove_prefix(1);
    }
  }
  return base::graphemes(rest) + links * link_length;
}

/// The fields of a body, JSON or form. nullopt: it is neither.
std::optional<std::map<std::string, std::string>> fields_of(const net::ServerRequest& request) {
  const auto* type = request.header("Content-Type");
  if (type == nullptr || !type->starts_with("application/json")) return read_query(request.body);
  boost::system::error_code failed;
  const auto value = json::parse(request.body, failed);
  if (failed || !value.is_object()) return std::nullopt;
  std::map<std::string, std::string> fields;
  for (const auto& [key, field] : value.get_object())
    if (field.is_string()) fields.emplace(key, field.get_string());
  return fields;
}

}  // namespace

MastodonRange::MastodonRange(SeenBook& seen, std::vector<Account> accounts)
    : seen_(seen), accounts_(std::move(accounts)) {}

const Account* MastodonRange::account_of(const net::ServerRequest& request) const {
  const auto* header = request.header("Authorization");
  if (header == nullptr) return nullptr;
  for (const auto& account : accounts_)
    if (*header == "Bearer " + account.token) return &account;
  return nullptr;
}

int MastodonRange::left(std::size_t account, base::WallTime now) {
  auto& times = requests_[account];
  while (!times.empty() && times.front() + window <= now) times.pop_front();
  const int remaining = most_requests - static_cast<int>(times.size());
  if (remaining > 0) times.push_back(now);
  return remaining;
}

std::string MastodonRange::json_of(const Status& status) const {
  const auto& account = accounts_[status.account];
  return json::serialize(json::object{
      {"id", status.id},
      {"created_at", base::format_utc(status.at)},
      {"language", status.language},
      {"visibility", status.visibility},
      {"in_reply_to_id", status.reply_to.empty() ? json::value(nullptr) : json::value(status.reply_to)},
      {"content", html_of_text(status.text)},
      {"account",
       json::object{
           {"id", fmt::format("{}", status.account + 1)}, {"username", account.name}, {"acct", account.name}}}});
}

RangeAnswer MastodonRange::post(const net::ServerRequest& request, std::size_t account, base::WallTime now) {
  auto fields = fields_of(request);
  if (!fields) return error(400, "There was a problem in the JSON you submitted");
  const std::string& text = (*fields)["status"];
  if (text.empty() || !base::valid_utf8(text)) return error(422, "Validation failed: Text can't be blank");
  if (characters(text) > most_characters)
    return error(422, fmt::format("Validation failed: Text character limit of {} exceeded", most_characters));
  std::erase_if(keys_, [&](const auto& entry) { return entry.second.at + key_life <= now; });
  const auto* key = request.header("Idempotency-Key");
  if (key != nullptr)
    if (const auto found = keys_.find({account, *key}); found != keys_.end())
      return answer(200, json_of(statuses_[found->second.status]));
  const auto& reply_to = (*fields)["in_reply_to_id"];
  if (!reply_to.empty() && std::ranges::find(statuses_, reply_to, &Status::id) == statuses_.end())
    return error(404, "The post you are trying to reply to does not appear to exist.");
  auto& visibility = (*fields)["visibility"];
  statuses_.push_back({.id = fmt::format("{}{:04}", now.time_since_epoch().count(), statuses_.size() % 10'000),
                       .account = account,
                       .text = text,
                       .language = (*fields)["language"],
                       .visibility = visibility.empty() ? "public" : visibility,
                       .reply_to = reply_to,
                       .at = now});
  if (key != nullptr) keys_[{account, *key}] = {statuses_.size() - 1, now};
  const auto& name = accounts_[account].name;
  seen_.add({.where = "mastodon",
             .who = name,
             .from = name,
             .text = text,
             .language = statuses_.back().language,
             .at = now,
             .id = statuses_.back().id,
             .reply_to = statuses_.back().reply_to});
  return answer(200, json_of(statuses_.back()));
}

RangeAnswer MastodonRange::timeline(const net::ServerRequest& request, std::size_t account) const {
  auto query = read_query(request.query);
  std::size_t limit = 20;
  const auto& wanted = query["limit"];
  std::from_chars(wanted.data(), wanted.data() + wanted.size(), limit);
  std::string body = "[";
  std::size_t shown = 0;
  for (auto status = statuses_.rbegin(); status != statuses_.rend() && shown < std::min(limit, most_shown); ++status) {
    if (status->account != account) continue;
    if (shown++ > 0) body += ',';
    body += json_of(*status);
  }
  return answer(200, body + "]");
}

RangeAnswer MastodonRange::handle(const net::ServerRequest& request, base::WallTime now) {
  const auto* who = account_of(request);
  if (who == nullptr) return error(401, "The access token is invalid");
  const auto account = static_cast<std::size_t>(who - accounts_.data());
  const int remaining = left(account, now);
  if (remaining <= 0) {
    auto full = error(429, "Too many requests");
    full.headers.emplace_back("X-RateLimit-Limit", fmt::format("{}", most_requests));
    full.headers.emplace_back("X-RateLimit-Remaining", "0");
    full.headers.emplace_back("X-RateLimit-Reset", base::format_utc(requests_[account].front() + window));
    return full;
  }
  const std::string_view target = request.target;
  constexpr std::string_view statuses = "/api/v1/statuses";
  if (request.method == "POST" && target == statuses) return post(request, account, now);
  if (request.method != "GET") return error(404, "Record not found");
  if (target == "/api/v1/accounts/verify_credentials")
    return answer(200, json::serialize(json::object{
                           {"id", fmt::format("{}", account + 1)}, {"username", who->name}, {"acct", who->name}}));
  if (target == fmt::format("/api/v1/accounts/{}/statuses", account + 1)) return timeline(request, account);
  if (target.starts_with(statuses) && target.size() > statuses.size() + 1) {
    const auto id = target.substr(statuses.size() + 1);
    for (const auto& status : statuses_)
      if (status.id == id) return answer(200, json_of(status));
  }
  return error(404, "Record not found");
}

}  // namespace broadcaster::channels::mastodon
