#include "channels/cap_feed/publication.hpp"

#include "channels/http/http_channel.hpp"

namespace broadcaster::channels::cap_feed {
namespace {

using delivery::Cause;
using delivery::Outcome;

/// Whoever is slower so often in a row is up against something else than another writer.
constexpr int most_rounds = 6;
constexpr std::size_t longest_why = 300;

/// Nothing has left yet, whatever became of the question.
Outcome nothing_left(Outcome outcome) {
  if (auto* unknown = std::get_if<delivery::Unknown>(&outcome)) return delivery::NotSent{{}, std::move(unknown->why)};
  return outcome;
}

std::string why_of(const Answer& answer) {
  const auto* failed = std::get_if<Failed>(&answer);
  return failed ? delivery::why(failed->outcome) : "no such answer";
}

}  // namespace

bool was_stopped(const Outcome& outcome) {
  const auto* not_sent = std::get_if<delivery::NotSent>(&outcome);
  return not_sent && not_sent->scope == delivery::NotSent::Scope::recipient;
}

Action Publication::next(Answer answer, base::WallTime now) {
  switch (at_) {
    case At::first_look:
      return first_look(std::move(answer), now);
    case At::writing_document:
      return document_written(std::move(answer));
    case At::reading_document:
      return document_read(std::move(answer));
    case At::writing_index:
      return index_written(std::move(answer));
    case At::looking_again:
      return look_again(std::move(answer), now);
  }
  return end(delivery::Unknown{"a state that is none"});
}

Done Publication::end(Outcome outcome) const {
  const auto how = was_stopped(outcome) ? Done::End::stopped : Done::End::come;
  return {.outcome = std::move(outcome), .listed = std::nullopt, .end = how};
}

Done Publication::unlisted(const std::string& why) const {
  const auto whole = job_.document ? "the document is out, and the index does not tell of it: " + why : why;
  return end(delivery::Unknown{fit_for_record(whole, longest_why)});
}

/// Something that ends it, or nothing: then index_ and tag_ are as they were found.
std::optional<Done> Publication::take_index(Answer& answer) {
  index_.reset();
  tag_.reset();
  if (std::holds_alternative<Absent>(answer)) return std::nullopt;
  auto* found = std::get_if<Found>(&answer);
  if (!found) return unlisted(why_of(answer));
  auto read = read_index(found->content, job_.frame);
  const bool other_mode = std::holds_alternative<OtherMode>(read);
  const bool ours = std::holds_alternative<Entries>(read);
  // A drill can wait, and writes over nothing that is not its own. On a real night an index that something has broken
  // must keep nobody from a warning: it is written anew.
  if (other_mode || (!ours && job_.frame.mode == alert::Mode::drill))
    return end(delivery::Refused{Cause::endpoint, other_mode ? "the index there is of a feed of the other mode"
                                                             : "what lies at the index's place is no index of ours"});
  tag_ = std::move(found->tag);
  if (ours) index_ = std::get<Entries>(std::move(read));
  return std::nullopt;
}

Action Publication::first_look(Answer answer, base::WallTime now) {
  if (const auto* failed = std::get_if<Failed>(&answer)) return end(nothing_left(failed->outcome));
  if (auto ended = take_index(answer)) return *ended;
  if (!job_.document) return care_for_index(now);
  return write_document(std::nullopt);
}

Action Publication::write_document(std::optional<std::string> instead_of) {
  at_ = At::writing_document;
  return Write{job_.document->listed.file, job_.document->document, "application/cap+xml", std::move(instead_of)};
}

Action Publication::document_written(Answer answer) {
  if (std::holds_alternative<Stored>(answer)) return read_index_again();
  if (auto* failed = std::get_if<Failed>(&answer)) return end(std::move(failed->outcome));
  if (++rounds_ > most_rounds)
    return end(delivery::Unknown{"what lies at the document's address changes all the time"});
  at_ = At::reading_document;
  return Read{job_.document->listed.file};
}

Action Publication::document_read(Answer answer) {
  if (std::holds_alternative<Absent>(answer)) return write_document(std::nullopt);
  const auto* found = std::get_if<Found>(&answer);
  if (!found) return end(delivery::Unknown{why_of(answer)});
  switch (judge(job_.document->approved, found->content, *job_.signer)) {
    case There::the_same:
      return read_index_again();
    case There::another:
      return end(delivery::Refused{Cause::message, "another document that we have signed lies at its address"});
    case There::not_ours:
      return write_document(found->tag);
  }
  return end(delivery::Unknown{"a judgement that is none"});
}

Action Publication::care_for_index(base::WallTime now) {
  const auto added = job_.document ? std::optional(job_.document->listed) : job_.again;
  auto wanted = in_force(index_.value_or(job_.known), job_.known, added, now);
  if (index_ == wanted)
    return Done{delivery::Accepted{job_.document ? job_.frame.url + job_.document->listed.file : ""},
                std::move(wanted)};
  if (++rounds_ > most_rounds) return unlisted("it is another one again after each writing");
  at_ = At::writing_index;
  return Write{std::string(index_file), atom(wanted, job_.frame, now), "application/atom+xml", tag_};
}

Action Publication::index_written(Answer answer) {
  if (const auto* failed = std::get_if<Failed>(&answer)) {
    auto done = unlisted(why_of(answer));
    if (was_stopped(failed->outcome)) done.end = Done::End::stopped;
    return done;
  }
  return read_index_again();
}

/// As late as can be: a document may take long, and not every server looks at what a write expects.
Action Publication::read_index_again() {
  at_ = At::looking_again;
  return Read{std::string(index_file)};
}

Action Publication::look_again(Answer answer, base::WallTime now) {
  if (auto ended = take_index(answer)) {
    if (std::holds_alternative<delivery::Refused>(ended->outcome)) return unlisted(delivery::why(ended->outcome));
    return *ended;
  }
  return care_for_index(now);
}

}  // namespace broadcaster::channels::cap_feed
