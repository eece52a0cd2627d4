#!/usr/bin/env bash
# Makes the reference files of this folder from openly licensed profiles, which are not part of the project.
# usage: catalogue/reference/make.sh FOLDER   (FOLDER holds profiles/ and reference/; see profiles/SOURCES.md there)
set -euo pipefail
data=$1
here=$(dirname "$0")
gutskin=${GUTSKIN:-target/debug/gutskin}
profiles=$data/profiles

"$gutskin" profile-reference "$data/reference/cremer_avabundance_genus_healthy_adult_western.csv" \
  --method metaphlan3 --study-means --genus --exclude average \
  --id western_adult_metaphlan3 --title "Healthy adults, means of 57 shotgun studies (MetaPhlAn 3, genera)" \
  --source "curatedMetagenomicData studies as collected by github.com/cremerlab/fermentation_products @ 9dd2739eb693, cremer_avabundance_genus_healthy_adult_western.csv" \
  --licence "MIT" \
  --caution "Means of studies, infants' studies among them: the spread is that between studies and is no range for a person." \
  -o "$here/western_adult_metaphlan3.toml"

"$gutskin" profile-reference "$profiles/tables/HMP2_taxonomy.tsv" \
  --metadata "$profiles/tables/HMP2_metadata.tsv" --keep diagnosis=nonIBD --subject subject --list-limited \
  --id hmp2_nonibd_metaphlan2 --title "People without IBD of the HMP2 cohort (MetaPhlAn 2, species)" \
  --source "github.com/biobakery/Maaslin2 @ 02ba5133bd20, inst/extdata/HMP2_taxonomy.tsv (Lloyd-Price 2019, doi:10.1038/s41586-019-1237-9)" \
  --licence "MIT" \
  --caution "Patients of gastroenterology clinics in the USA without IBD, children among them; only the 87 species that the source lists are compared, so richness has no reference." \
  -o "$here/hmp2_nonibd_metaphlan2.toml"

"$gutskin" profile-reference "$profiles/paired_metabolome/POYET_BIO_ML_2019/genera.tsv" --method 16s \
  --metadata "$profiles/paired_metabolome/POYET_BIO_ML_2019/metadata.tsv" --subject Subject --genus \
  --id bioml_16s_genus --title "Stool donors of the BIO-ML collection (16S, genera)" \
  --source "github.com/borenstein-lab/microbiome-metabolome-curated-data @ 89a519d8c832, POYET_BIO_ML_2019 (Poyet 2019, doi:10.1038/s41591-019-0559-3)" \
  --licence "MIT" \
  --caution "Screened healthy donors of 19 to 45 years in Boston; genera by the GTDB names and about 30,000 reads a sample: other databases and depths shift richness." \
  -o "$here/bioml_16s_genus.toml"

"$gutskin" profile-reference "$profiles/tables/dietswap_counts.tsv" \
  --metadata "$profiles/tables/dietswap_metadata.tsv" --keep group=ED --subject subject \
  --id dietswap_hitchip --title "Volunteers of the diet-swap study before the swap (HITChip, probe groups)" \
  --source "github.com/microbiome/microbiome @ 497576a6380b, data/dietswap.rda (O'Keefe 2015, doi:10.1038/ncomms7342)" \
  --licence "BSD-2-Clause" \
  --caution "African Americans and rural South Africans of 50 to 65 years, half of them obese." \
  -o "$here/dietswap_hitchip.toml"
