#include "channels/cap_feed/shown.hpp"

namespace broadcaster::channels::cap_feed {
namespace {

std::string otherwise(const std::string& approved, const std::string& there, There judged) {
  if (auto parts = difference(approved, there)) return *parts;
  return judged == There::not_ours ? "the text as approved, without a good signature of ours" : "another document";
}

}  // namespace

Shown shown(const std::string& approved, const Answer& document, const Answer& index, const Frame& frame,
            const Signer& signer, base::WallTime now) {
  const auto listed = entry_of(approved);
  const auto* there = std::get_if<Found>(&document);
  if (!listed || !there) return {Shown::Is::unseen, "the document cannot be read"};
  const auto judged = judge(approved, there->content, signer);
  if (judged != There::the_same) return {Shown::Is::otherwise, otherwise(approved, there->content, judged)};
  const auto* told = std::get_if<Found>(&index);
  if (!told) return {Shown::Is::unseen, "the index cannot be read"};
  const auto read = read_index(told->content, frame);
  const auto* entries = std::get_if<Entries>(&read);
  if (!entries) return {Shown::Is::otherwise, "the index shown is no index of this feed"};
  if (!is_told(*entries, *listed, now)) return {Shown::Is::unlisted, "the index shown does not list it"};
  return {Shown::Is::as_approved, frame.url + listed->file};
}

}  // namespace broadcaster::channels::cap_feed
