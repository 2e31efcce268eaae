// The people of a prepared alert, counted when it is fired.
#include "broadcaster/plan/form_audiences.hpp"

#include <gtest/gtest.h>

#include "tests/plan/example.hpp"

namespace broadcaster::plan {
namespace {

using example::Folder;

/// Two zones, two languages, one list.
Form form() {
  Form out;
  PlannedEndpoint sms;
  sms.name = EndpointName("sms");
  sms.audience = "residents";
  out.plan.endpoints = {sms};
  out.plan.audiences = {{"residents", std::string(64, 'a'), {{alert::Language("id"), alert::ZoneId("muara"), 2}}, 0}};
  for (const auto* zone : {"muara", "pasir"})
    for (const auto* language : {"id", "en"}) {
      Message message;
      message.endpoint = sms.name;
      message.language = alert::Language(language);
      message.zone = alert::ZoneId(zone);
      out.plan.messages.push_back(message);
    }
  return out;
}

AudiencesNow counted(const Folder& folder, std::vector<alert::ZoneId> zones) {
  return audiences_now(form(), zones, example::town().zones, folder.path, folder.path / "snapshots");
}

TEST(AudiencesNow, CountsTheZonesThatAreFiredAndLeavesBadRowsOut) {
  const Folder folder;
  folder.write("residents.csv",
               "number,language,zone\n+9996000001,id,muara\n+9996000002,en,pasir\nnobody,id,muara\n"
               "+9996000003,fr,muara\n");
  const auto now = counted(folder, {alert::ZoneId("muara")});
  ASSERT_EQ(now.audiences.size(), 1u);
  const auto& audience = now.audiences.front();
  EXPECT_EQ(audience.counts, (std::vector<AudienceCount>{{alert::Language("id"), alert::ZoneId("muara"), 2}}))
      << "who reads neither gets the first language";
  EXPECT_EQ(audience.skipped, 1);
  EXPECT_TRUE(SnapshotReader::open(folder.path / "snapshots", audience.digest));
  EXPECT_TRUE(now.unread.empty());
}

TEST(AudiencesNow, AListThatCannotBeReadHasNoDigestAndIsSaidSo) {
  const Folder folder;
  const auto now = counted(folder, {alert::ZoneId("muara")});
  EXPECT_FALSE(now.unread.empty());
  EXPECT_EQ(now.audiences, (std::vector<PlannedAudience>{{"residents", "", {}, 0}}));
}

TEST(AudiencesNow, AListThatCannotBeStoredIsHeldAloneAndNeedsNoFile) {
  const Folder folder;
  folder.write("residents.csv", "number,language,zone\n+9996000001,id,muara\n");
  folder.write("snapshots", "a file where the folder should be");
  const auto now = counted(folder, {alert::ZoneId("muara")});
  EXPECT_FALSE(now.unread.empty());
  EXPECT_EQ(now.audiences, (std::vector<PlannedAudience>{{"residents", "", {}, 0}}));
}

}  // namespace
}  // namespace broadcaster::plan
