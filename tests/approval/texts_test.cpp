// The reasons as a duty officer reads them.
#include <gtest/gtest.h>

#include "broadcaster/approval/judge.hpp"
#include "broadcaster/base/catalogue.hpp"
#include "tests/approval/fixture.hpp"

namespace broadcaster::approval {
namespace {

std::string said(const std::string& language, const base::Text& text) {
  return base::Catalogue::of(language).say(text);
}

/// The first refusal of sari's plan, approved by nobody but the one signature.
base::Text reason(const Signature& signature) {
  auto plan = unsigned_plan(sample_plan());
  plan.signatures = {agency().sign("sari", Role::author, plan, at(2, 0)), signature};
  return judge(plan, agency().people(), at(2, 5)).refusals.back();
}

TEST(Texts, TheAuthorWhoApproves) {
  const auto text = reason(agency().sign("sari", Role::approver, unsigned_plan(sample_plan()), at(2, 1)));
  EXPECT_EQ(said("en", text), "signed by the author, Ibu/Bapak sari, who cannot approve");
  EXPECT_EQ(said("id", text), "ditandatangani oleh penyusunnya sendiri, Ibu/Bapak sari, yang tidak boleh menyetujui");
}

TEST(Texts, TheWrongRole) {
  const auto text = reason(agency().sign("hendra", Role::approver, unsigned_plan(sample_plan()), at(2, 1)));
  EXPECT_EQ(said("en", text), "Ibu/Bapak hendra does not have the role approver");
  EXPECT_EQ(said("id", text), "Ibu/Bapak hendra tidak berperan sebagai penyetuju");
}

TEST(Texts, TheChangedPlan) {
  auto other = sample_plan();
  other.priority = 1;
  auto plan = unsigned_plan(sample_plan());
  plan.signatures = {agency().sign("sari", Role::author, unsigned_plan(other), at(2, 0))};
  const auto text = judge(plan, agency().people(), at(2, 5)).refusals.front();
  EXPECT_EQ(said("en", text),
            "the signature of Ibu/Bapak sari does not fit: the plan, or the time of the signature, was "
            "changed after it was signed");
  EXPECT_EQ(said("id", text),
            "tanda tangan Ibu/Bapak sari tidak cocok: rencana atau waktu tanda tangannya diubah "
            "setelah ditandatangani");
}

TEST(Texts, TheMissingApproval) {
  auto plan = approved_plan();
  plan.signatures.pop_back();
  const auto text = judge(plan, agency().people(), at(2, 5)).refusals.front();
  EXPECT_EQ(said("en", text), "not approved: 1 of 2 approvals");
  EXPECT_EQ(said("id", text), "belum disetujui: 1 dari 2 persetujuan");
}

TEST(Texts, TheStaleApproval) {
  const auto text = judge(approved_plan(), agency().people(), at(2, 20)).refusals.front();
  EXPECT_EQ(said("en", text),
            "the approvals are 19 minutes old, counted from the oldest that is needed; a plan is released within 10 "
            "minutes. Approve again");
  EXPECT_EQ(said("id", text),
            "persetujuan sudah berumur 19 menit, dihitung dari yang tertua yang diperlukan; rencana harus dirilis "
            "dalam 10 menit. Mintakan persetujuan "
            "lagi");
}

TEST(Texts, TheLateAlert) {
  auto plan = approved_plan();
  const auto text = judge(plan, agency().people(), at(2, 36)).warnings.front();
  EXPECT_EQ(said("en", text), "LATE: the hazard was to reach a zone before now (1,200 people there)");
  EXPECT_EQ(said("id", text), "TERLAMBAT: bahaya diperkirakan sudah tiba di sebuah zona (1.200 orang di sana)");
}

}  // namespace
}  // namespace broadcaster::approval
