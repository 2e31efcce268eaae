// Whatever somebody writes into the control socket: a request or an error, and every answer that is made of it is one
// line that the asking command reads as it was meant.
#include <boost/json.hpp>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "broadcaster/approval/approval_json.hpp"
#include "broadcaster/service/request_fields.hpp"
#include "broadcaster/service/wire.hpp"

namespace {

using namespace broadcaster;
using namespace broadcaster::service;

/// The line protocol has one enemy: a line end inside an answer would be a second answer.
void expect_arrives(const base::Error& error) {
  const auto line = bad(error);
  if (line.find_first_of("\r\n") != std::string::npos) std::abort();
  const auto answer = parse_answer(line);
  if (answer || answer.error() != error) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string line(reinterpret_cast<const char*>(data), size);
  (void)parse_answer(line);
  const auto request = parse_request(line);
  if (!request) {
    expect_arrives(request.error());
    return 0;
  }
  for (const char* key : {"op", "alert", "plan", "by", "reason", "folder", "kind", "entry"})
    expect_arrives(unknown_alert(string_of(*request, key)).error());
  (void)int_of(*request, "after", 0);
  if (by_whom(*request, {}).empty()) std::abort();
  base::Errors errors;
  if (const auto* list = request->if_contains("signatures"); list && list->is_array())
    for (const auto& value : list->get_array())
      (void)approval::signature_from_json(value, "signatures", "request", errors);
  for (const auto& error : errors) expect_arrives(error);
  // An answer of whatever was asked is one line, too, and an error in it is read without trust.
  const auto answer = good(*request);
  if (answer.find('\n') != std::string::npos || !parse_answer(answer)) std::abort();
  if (const auto* error = request->if_contains("error")) (void)error_from_json(*error);
  return 0;
}
