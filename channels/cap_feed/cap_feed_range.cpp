#include "channels/cap_feed/cap_feed_range.hpp"

#include "broadcaster/base/digest.hpp"

namespace broadcaster::channels::cap_feed {
namespace {

constexpr std::size_t most_files = 10'000;

std::string tag_of(const std::string& content) { return '"' + base::hex(base::sha256(content)).substr(0, 32) + '"'; }

/// RFC 9110 §13.2.2, for what we are asked.
bool conditions_hold(const net::ServerRequest& request, const std::string* there) {
  const auto* match = request.header("If-Match");
  const auto* none_match = request.header("If-None-Match");
  if (match != nullptr && (there == nullptr || *match != tag_of(*there))) return false;
  return none_match == nullptr || there == nullptr;
}

}  // namespace

RangeAnswer CapFeedRange::handle(const net::ServerRequest& request, base::WallTime) {
  if (request.method == "PUT") return put(request);
  if (request.method != "GET") return {.status = 405, .headers = {}, .body = {}};
  const auto found = files_.find(request.target);
  if (found == files_.end()) return {.status = 404, .headers = {}, .body = {}};
  const bool index = request.target.ends_with(".atom");
  return {.status = 200,
          .headers = {{"Content-Type", index ? "application/atom+xml" : "application/cap+xml"},
                      {"ETag", tag_of(found->second)}},
          .body = found->second};
}

RangeAnswer CapFeedRange::put(const net::ServerRequest& request) {
  const auto found = files_.find(request.target);
  const auto* there = found == files_.end() ? nullptr : &found->second;
  if (!conditions_hold(request, there)) return {.status = 412, .headers = {}, .body = {}};
  if (there == nullptr && files_.size() >= most_files) return {.status = 507, .headers = {}, .body = {}};
  files_[request.target] = request.body;
  return {.status = there == nullptr ? 201 : 204, .headers = {}, .body = {}};
}

}  // namespace broadcaster::channels::cap_feed
