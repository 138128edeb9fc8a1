import type { Entry } from '../../shared/i18n.svelte';

// AWAITING A NATIVE SPEAKER'S REVIEW. Written in Welsh from the sense of the English, with "chi" (why: welsh.ts).
//
// What a server says when it does not take something, by its own English sentence; a test holds the two together. What is not here is shown
// in English.

export const cy: Record<string, Entry> = {
  'Please sign in again.': 'Mewngofnodwch eto, os gwelwch yn dda.',
  'There is nothing here that you can see.': 'Does dim byd yma y gallwch ei weld.',
  'Some of this could not be understood. Nothing was changed.': 'Doedd dim modd deall rhan o hyn. Ni newidiwyd dim.',
  'This phone or browser has been signed out.': 'Mae’r ffôn neu’r porwr hwn wedi’i allgofnodi.',
  'This was made by a newer app than the server knows. It is safe to send it again later.': 'Gwnaed hyn gan ap mwy newydd nag y mae’r gweinydd yn ei adnabod. Mae’n ddiogel ei anfon eto wedyn.',
  'There were too many tries. Please wait a little and try again.': 'Bu gormod o gynigion. Arhoswch ychydig a rhowch gynnig arall arni.',
  'This is larger than what can be taken here. Please make it smaller.': 'Mae hyn yn fwy na’r hyn y gellir ei dderbyn yma. Gwnewch ef yn llai, os gwelwch yn dda.',
  'The server is busy. Nothing was changed. Please try again in a moment.': 'Mae’r gweinydd yn brysur. Ni newidiwyd dim. Rhowch gynnig arall arni mewn munud.',
  'This took too long. It may have gone through; it is safe to send the same again.': 'Cymerodd hyn ormod o amser. Efallai iddo gyrraedd; mae’n ddiogel anfon yr un peth eto.',
  'Something failed on our side. Please try again; what you sent is safe to send again.': 'Aeth rhywbeth o’i le ar ein hochr ni. Rhowch gynnig arall arni; mae’n ddiogel anfon yr un peth eto.',
  'Another check-in was taken in under this id.': 'Derbyniwyd cofnod arall o dan yr un rhif.',
  'Another request was taken in under this id.': 'Derbyniwyd cais arall o dan yr un rhif.',
  'Other words were taken in under this id.': 'Derbyniwyd geiriau eraill o dan yr un rhif.',
  'This request is closed. Please ask for contact again.': 'Mae’r cais hwn wedi’i gau. Gofynnwch am gyswllt eto, os gwelwch yn dda.',
  'Another answer was taken in under this id.': 'Derbyniwyd ateb arall o dan yr un rhif.',
  'Something else was taken in under this id.': 'Derbyniwyd rhywbeth arall o dan yr un rhif.',
  'Another draft was saved under this id.': 'Cadwyd drafft arall o dan yr un rhif.',
  'What this was written on is not known here. Please look at the plan again.': 'Nid yw’r hyn y seiliwyd hyn arno yn hysbys yma. Edrychwch ar y cynllun eto.',
  'The plan has changed since. Please look at it again before you agree.': 'Mae’r cynllun wedi newid ers hynny. Edrychwch arno eto cyn cytuno.',
  'Put together, this plan is more than a plan can hold. Please shorten it before you agree.': 'Gyda’i gilydd, mae hyn yn fwy nag y gall cynllun ei ddal. Byrhewch ef cyn cytuno.',
  'Some lines are there in two wordings. Please choose one of each before you agree.': 'Mae rhai llinellau yno mewn dau eiriad. Dewiswch un o bob un cyn cytuno.',
  'This was sent before with other words, or has been removed since.': 'Anfonwyd hwn o’r blaen â geiriau eraill, neu fe’i tynnwyd ers hynny.',
  'Your pack is full. Please remove something first.': 'Mae eich pecyn yn llawn. Tynnwch rywbeth ohono yn gyntaf.',
  'There are more marks here than anybody makes. Please ask your team.': 'Mae mwy o farciau yma nag y mae neb yn eu gwneud. Gofynnwch i’ch tîm.',
  'Another change was taken in under this id.': 'Derbyniwyd newid arall o dan yr un rhif.',
  'Somebody has changed this reminder meanwhile. Please look at it again.': 'Mae rhywun wedi newid y nodyn atgoffa hwn yn y cyfamser. Edrychwch arno eto.',
  'Your team has taken this back. There may be a newer one: please look again.': 'Mae eich tîm wedi tynnu hwn yn ôl. Efallai fod un mwy newydd: edrychwch eto.',
  'You and your worker agreed on this together. Talk to them if it no longer fits.': 'Cytunoch chi a’ch gweithiwr ar hyn gyda’ch gilydd. Siaradwch â nhw os nad yw’n ffitio mwyach.',
  'You have given another answer to this already.': 'Rydych chi wedi rhoi ateb arall i hyn eisoes.',
  'Somebody else changed these questions just now. Please look again.': 'Newidiodd rhywun arall y cwestiynau hyn nawr. Edrychwch eto.',
  'Nothing comes by this subscription any more. Switch notifications on again.': 'Does dim yn dod drwy hwn mwyach. Trowch hysbysiadau ymlaen eto.',
};
