// One JSON object taken apart as base::Fields takes a YAML map apart: mistakes are collected, each with its path in the
// JSON ("features[3].properties.people"), and members that nobody asked for are reported.
//
// A null counts as absent. Thread rule: plain values.
#pragma once

#include <boost/json/fwd.hpp>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "broadcaster/base/yaml.hpp"

namespace broadcaster::alert {

class JsonFields {
 public:
  /// `value` that is no object is a mistake at once. All references must outlive this.
  JsonFields(const boost::json::value& value, std::string path, const std::string& file, base::Errors& errors);
  ~JsonFields();
  JsonFields(const JsonFields&) = delete;
  JsonFields& operator=(const JsonFields&) = delete;

  /// Members that nobody asks for are fine here (foreign members, RFC 7946 §6.1).
  void allow_others() { others_allowed_ = true; }

  // Required: a missing or wrong value is reported once, and a harmless default comes back.
  std::string text(std::string_view key);
  std::int64_t whole(std::string_view key, std::int64_t min, std::int64_t max);
  template <class E>
  E choice(std::string_view key, base::Choices<E> choices) {
    const auto index = pick(key, names_of(choices), Missing::is_error);
    return choices[index.value_or(0)].second;
  }
  const boost::json::value* child(std::string_view key);

  // Optional.
  std::optional<std::string> maybe_text(std::string_view key);
  std::optional<std::int64_t> maybe_whole(std::string_view key, std::int64_t min, std::int64_t max);
  std::vector<std::string> maybe_texts(std::string_view key);
  const boost::json::value* maybe_child(std::string_view key);
  /// Calls `item(value, path)` for each item of the list at `key`.
  void each(std::string_view key, const std::function<void(const boost::json::value&, const std::string&)>& item);
  /// Calls `member(name, text)` for each member of the object of texts at `key`.
  void each_text(std::string_view key, const std::function<void(const std::string&, const std::string&)>& member);

  void complain(std::string_view key, base::Text text);
  std::string path_of(std::string_view key) const;

 private:
  enum class Missing { is_error, is_fine };
  const boost::json::value* take(std::string_view key, Missing missing, std::string_view expected);
  std::optional<std::size_t> pick(std::string_view key, const std::vector<std::string_view>& names, Missing missing);

  template <class E>
  static std::vector<std::string_view> names_of(base::Choices<E> choices) {
    std::vector<std::string_view> names;
    for (const auto& [name, value] : choices) names.push_back(name);
    return names;
  }

  const boost::json::value& value_;
  std::string path_;
  const std::string& file_;
  base::Errors& errors_;
  std::vector<std::string> asked_;
  bool others_allowed_ = false;
};

/// "expected {expected}, found …" at a path.
void expected_found(base::Errors& errors, const std::string& file, const std::string& path, std::string_view expected,
                    const boost::json::value& found);
/// Any mistake at a path.
void wrong_at(base::Errors& errors, const std::string& file, const std::string& path, base::Text text);

}  // namespace broadcaster::alert
