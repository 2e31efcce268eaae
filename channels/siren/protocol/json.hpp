// For the sources of protocol/ and agent/ alone: JSON objects taken apart with the first mistake remembered.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "broadcaster/base/time.hpp"

namespace broadcaster::channels::siren {

/// Whole text, valid UTF-8, depth 8 at most, no key twice at any level, an object at the top.
std::optional<boost::json::object> parse_object(std::string_view text);

/// The first mistake is in `error`; after it every answer is a harmless default.
class ObjectReader {
 public:
  explicit ObjectReader(const boost::json::object& object) : object_(object) {}

  enum class Need { required, optional };
  std::string text(std::string_view key, std::size_t max_bytes, Need need = Need::required);
  std::uint64_t whole(std::string_view key, std::uint64_t max, Need need = Need::required);
  base::WallTime time(std::string_view key, Need need = Need::required);
  bool yes_no(std::string_view key);
  const boost::json::array* list(std::string_view key);
  void complain(std::string_view key, std::string_view what);

  std::string error;

 private:
  const boost::json::value* find(std::string_view key, Need need);
  const boost::json::object& object_;
};

/// Adds text only if there is some.
void put(boost::json::object& object, std::string_view key, std::string_view text);

}  // namespace broadcaster::channels::siren
