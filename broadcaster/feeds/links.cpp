#include "broadcaster/feeds/links.hpp"

#include <algorithm>

namespace broadcaster::feeds {
namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  for (auto& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

/// Of "https://host/path?query" the number of characters before "/path"; npos: there is no authority.
std::size_t end_of_origin(std::string_view url) {
  const auto scheme = url.find("://");
  if (scheme == std::string_view::npos) return scheme;
  return std::min(url.find_first_of("/?#", scheme + 3), url.size());
}

/// "host" of "host:8080" and "[::1]:8080"; empty for what is neither.
std::string_view host_of(std::string_view authority) {
  const auto bracket = authority.starts_with('[') ? authority.find(']') : 0;
  const auto end = std::min(authority.find(':', bracket), authority.size());
  const auto host = authority.substr(0, end);
  const auto port = authority.substr(std::min(end + 1, authority.size()));
  if (host.starts_with('[') && !host.ends_with(']')) return {};
  const bool digits = std::ranges::all_of(port, [](char c) { return c >= '0' && c <= '9'; });
  return digits ? host : std::string_view();
}

bool is_this_machine(std::string_view host) { return host == "127.0.0.1" || host == "[::1]" || host == "localhost"; }

bool plain(std::string_view url) {
  return std::ranges::none_of(url, [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == '\x7f'; }) &&
         url.find_first_of("#\\\"<>") == std::string_view::npos;
}

}  // namespace

bool may_be_fetched(std::string_view url) {
  if (!plain(url)) return false;
  const auto origin = origin_of(url);
  const auto at = origin.find("://");
  if (at == std::string::npos) return false;
  const std::string_view authority = std::string_view(origin).substr(at + 3);
  if (authority.empty() || host_of(authority).empty() || authority.find('@') != std::string_view::npos) return false;
  const auto scheme = std::string_view(origin).substr(0, at);
  return scheme == "https" || (scheme == "http" && is_this_machine(host_of(authority)));
}

std::string origin_of(std::string_view url) {
  const auto end = end_of_origin(url);
  return end == std::string_view::npos ? std::string() : lower(url.substr(0, end));
}

std::string resolved(std::string_view base, std::string_view link) {
  const auto end = end_of_origin(base);
  if (end == std::string_view::npos || link.empty()) return {};
  const auto colon = link.find(':');
  if (colon != std::string_view::npos && colon < link.find_first_of("/?#")) return std::string(link);
  if (link.starts_with("//")) return std::string(base.substr(0, base.find("://") + 1)) + std::string(link);
  if (link.starts_with('/')) return std::string(base.substr(0, end)) + std::string(link);
  const auto path = base.substr(0, std::min(base.find_first_of("?#", end), base.size()));
  if (link.starts_with('?')) return std::string(path) + std::string(link);
  const auto folder = path.rfind('/');
  if (folder == std::string_view::npos || folder < end)
    return std::string(path.substr(0, end)) + "/" + std::string(link);
  return std::string(path.substr(0, folder + 1)) + std::string(link);
}

std::string without_query(std::string_view url) { return std::string(url.substr(0, url.find_first_of("?#"))); }

}  // namespace broadcaster::feeds
