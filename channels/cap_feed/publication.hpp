// How a document gets out, and into the index: a machine that says what to do next and learns what came of it.
//
//   read the index     of the other mode: nothing is written at all
//   write the document only where nothing lies yet. What lies there is judged: the same, it is done already; another
//                      document of ours, refused, for documents are never changed; anything else is replaced
//   read the index, and write it with what it lists now, this one in it, and only instead of what was read
//   read it again      until it tells of this one: somebody else may have written meanwhile, and not every server
//                      looks at what a write expects
//
// Where the document is out and the index cannot be brought to tell of it, the outcome is unknown: it is done again,
// which is harmless. Without a document it is the care of the index alone: what has expired leaves it.
// Thread rule: plain value, pure; it reads XML and checks signatures, so next() is for a worker.
#pragma once

#include <memory>
#include <optional>
#include <variant>

#include "channels/cap_feed/place.hpp"
#include "channels/cap_feed/sealed.hpp"

namespace broadcaster::channels::cap_feed {

struct Done {
  delivery::Outcome outcome;
  std::optional<Entries> listed = std::nullopt;      ///< what the index holds now, where that is certain
  enum class End { come, stopped } end = End::come;  ///< stopped: by ourselves, and no fault of the place
};
using Action = std::variant<Read, Write, Done>;

struct Job {
  std::optional<Sealed> document;  ///< nothing: the index alone
  Frame frame;
  Entries known;  ///< as we have written it last; where the index is lost it begins there
  std::shared_ptr<const Signer> signer;
  std::optional<Listed> again = std::nullopt;  ///< without a document: what the index has lost
};

/// Our own doing: a halt, or the end of the alert, came before the byte.
bool was_stopped(const delivery::Outcome& outcome);

class Publication {
 public:
  explicit Publication(Job job) : job_(std::move(job)) {}
  Action begin() const { return Read{std::string(index_file)}; }
  Action next(Answer answer, base::WallTime now);

 private:
  enum class At { first_look, writing_document, reading_document, writing_index, looking_again };

  Action first_look(Answer answer, base::WallTime now);
  Action document_written(Answer answer);
  Action document_read(Answer answer);
  Action index_written(Answer answer);
  Action look_again(Answer answer, base::WallTime now);

  std::optional<Done> take_index(Answer& answer);
  Action write_document(std::optional<std::string> instead_of);
  Action read_index_again();
  Action care_for_index(base::WallTime now);
  Done end(delivery::Outcome outcome) const;
  Done unlisted(const std::string& why) const;

  Job job_;
  At at_ = At::first_look;
  std::optional<Entries> index_;    ///< as read; nothing: there is none that can be read
  std::optional<std::string> tag_;  ///< of the index; nothing: there is none
  int rounds_ = 0;
};

}  // namespace broadcaster::channels::cap_feed
