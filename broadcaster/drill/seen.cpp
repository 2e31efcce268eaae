#include "broadcaster/drill/seen.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "broadcaster/drill/peers.hpp"

namespace broadcaster::drill {
namespace json = boost::json;
namespace {

std::string word(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

}  // namespace

base::Result<std::vector<SeenText>> read_seen(Stage& stage, unsigned short range_port, std::int64_t& after) {
  std::vector<SeenText> all;
  net::HttpRequest request;
  for (;;) {
    request.url = fmt::format("http://127.0.0.1:{}/seen.json?after={}", range_port, after);
    request.repeat = net::HttpRequest::Repeat::safe;
    request.max_answer = 8 << 20;
    auto answer = fetch(stage, request);
    if (!answer) return std::unexpected(answer.error());
    json::error_code code;
    const auto value = json::parse(answer->body, code);
    if (code || !value.is_object())
      return base::fail(base::ErrorKind::unavailable, {"drill.no_answer", {{"reason", answer->body}}});
    const auto& seen = value.at("seen").as_array();
    for (const auto& one : seen) {
      const auto& text = one.as_object();
      all.push_back({word(text, "where"), word(text, "who"), word(text, "from"), word(text, "text"),
                     word(text, "language"), word(text, "at")});
    }
    if (seen.empty()) return all;
    after = value.at("next").as_int64();
  }
}

}  // namespace broadcaster::drill
