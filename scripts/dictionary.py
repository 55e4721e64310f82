"""Write wetread/storage/dictionary_N.txt: what many articles say, so that a stored text need not repeat it.

    python scripts/dictionary.py NUMBER

Everything in it is of our own making: words and turns of phrase of the field, the names of the catalogue's
journals, and the skeleton of a stored record. What is met most often stands last. A file that was released
is never changed, because every text that was stored with it needs it: write one with the next number.
"""

import json
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

MOST_BYTES = 32_768
"""So far back zlib looks."""

WORDS = """
abdomen abdominal ablation abnormal abnormality abscess acceleration access accuracy acetabular achieved
acquisition
activity acute addition adequate adjacent adjusted administration adolescents advanced adverse affected age
agents
agreement algorithm alternative analgesia anatomic anatomical anatomy anesthesia aneurysm angiogram
angiographic
angiography angioplasty anterior anticoagulation aorta aortic apparent appearance application approach
approximately
area arterial artery arteriovenous arthritis arthrography arthroplasty articular artificial intelligence
assessment
associated association asymptomatic atherosclerosis atrophy attenuation augmentation autoimmune automated
available
average axial balloon baseline benign bilateral biliary biomarkers biopsy bladder bleeding block blood body
bone bowel
brachial brain breast bronchial calcification calcium cancer capsular carcinoma cardiac cardiovascular carotid
carpal
cartilage catheter catheterization cause cavity celiac cell cement cerebral cervical characteristics
characterization
chemoembolization chest children chondral chronic circulation classification clinical coils collateral colon
colorectal combination common comparable comparison complete complex complication complications component
compression
computed concentration concordance condition cone-beam consecutive consensus conservative constant
contraindications
contrast-enhanced contrast medium control conventional convolutional coronary correlation cortical cost
criteria
curve cyst cystic cytology data decreased deep learning defect deficit degeneration degenerative delayed
demographic
density depth dermatitis detected detection device diabetes diagnosis diagnostic diameter difference
differential
diffuse diffusion-weighted digital dilatation disability disc discectomy discharge disease dislocation
dissection
distal distribution doppler dorsal dose drainage duct duodenal duration dynamic dysfunction dysplasia echo
edema effect
effective efficacy effusion elastography elderly elective elevated embolization emergency emission endoleak
endoscopic
endovascular enhancement epidemiology epidural erosion esophageal estimated etiology evaluation evidence
examination
exclusion experience exposure extension external extracellular extraction extremity facet factor failure
fascia fatty
feasibility features femoral fetal fibroids fibrosis field findings fistula fluid fluorodeoxyglucose
fluoroscopic
fluoroscopy focal follow-up foot foramen formation fracture fractures frequency function functional fusion
gadolinium gallbladder ganglion gastric gastrointestinal gender gene general genicular gland glioma gradient
grade
granuloma greater group groups growth guidance guided guideline head healing health heart hematoma hemodynamic
hemorrhage hemorrhagic hepatic hepatocellular hepatitis hernia herniation heterogeneous high-resolution hip
hospital
hospitalization humeral hybrid hydrocephalus hypertension hyperintensity hypertrophy idiopathic iliac image
images
imaging immediate immune impact impingement implant impression improvement incidence incidental increase
increased
independent index indication indications infarction infection inferior inflammation inflammatory inflow
information
infusion inguinal inhibitors initial injection injections injury instability institutional intensity
interobserver
interpretation intervals intervention interventional interventions intervertebral intestinal intra-articular
intracranial intramuscular intraoperative intravascular intravenous invasive ischemia ischemic isolated joint
joints
kidney knee laboratory laminectomy laparoscopic lateral learning left length lesion lesions leukemia level
levels life
ligament limb limitation limited linear lipid liver lobe local localization location long-term longitudinal
loss lower
lumbar lumen lung lymph node lymphadenopathy lymphoma macroscopic magnetic major malformation malignancy
malignant
mammographic mammography management manifestations marginal marker marrow mass masses maximum measurement
measurements
mechanical medial median medical medication melanoma membrane meningioma meniscal meniscus metabolic
metastases
metastasis metastatic method methods microcatheter microwave migraine minimal minimally invasive minor model
models
moderate molecular monitoring morbidity morphology mortality motion motor multicenter multidetector
multidisciplinary
multiple multivariable multivariate muscle muscles musculoskeletal myelopathy myocardial narrowing natural
necrosis
needle negative neoplasm neoplasms nephropathy nerve nerves network networks neural neurologic neuropathy
neuroradiology
neurosurgery node nodes nodular nodule nodules normal obesity objective obstruction occlusion occult oncology
operative
optic optimal oral orthopedic osteoarthritis osteomyelitis osteonecrosis osteoporosis osteoporotic outcome
outcomes
outpatient ovarian overall oxygen pain painful palliative pancreas pancreatic pancreatitis parameters
parenchyma
partial particles patency pathologic pathology patient patients pattern patterns pediatric pelvic pelvis
percentage
percutaneous perfusion periarticular perioperative peripheral phantom phase photon-counting physical physician
placebo placement plantar plaque platelet-rich plasma pleural pneumonia pneumothorax portal positive positron
posterior postoperative potential practice precision predict prediction predictive predictor predictors
pregnancy
preliminary preoperative presence presentation pressure prevalence prevention primary probability procedural
procedure
procedures prognosis prognostic progression progressive prophylaxis proportion prospective prostate
prostatectomy
prosthesis protein protocol protocols proximal pseudoaneurysm pulmonary pulsed quality quantification
quantitative
questionnaire radiation radicular radiculopathy radiofrequency radiograph radiographic radiographs radiologic
radiological radiologist radiologists radiology radiomics radiotherapy random range rapid rare rate rates
ratio
readers recanalization receiver recent recommendations reconstruction rectal recurrence recurrent reduction
reference
reflux refractory region regional registry regression rehabilitation relationship relaxation relevant
reliability
relief removal renal repair reports requirement resection residual resistance resolution respectively response
restricted results retrieval retrospective retrospectively reverse review reviewed risk risks role root
rotator cuff
rupture sacroiliac safe safety sagittal sample scale scan scanner scanning scans sclerosis score scores
screening
secondary section segment segmental segmentation selection selective sensitivity sensory septic sequence
sequences
series serum severe severity shoulder shunt signal significance significant simulation simultaneous single
sinus site
size skeletal skin small soft tissue solid sonographic sonography spatial specific specificity spectral spinal
spine
spleen splenic spondylitis spondylolisthesis spontaneous sports staging standard statistical status stenosis
stent
stents sternal steroid steroids stomach strain strategies strategy stress stroke structure structural studies
subacute subarachnoid subchondral subcutaneous subgroup subjects success successful superficial superior
supplement
surgery surgical survival susceptibility suspected swelling symptomatic symptoms syndrome synovial synovitis
system
systematic systemic target technical technique techniques technology temperature temporal tendinopathy tendon
tendons
tests texture therapeutic therapies therapy thickness thoracic three-dimensional threshold thrombectomy
thrombolysis
thrombosis thrombus thyroid tibial time tissue tissues tomographic tomography tool torsion total toxicity
trabecular
tract training transarterial transcatheter transducer transforaminal transient transjugular transplant
transplantation
transverse trauma traumatic treated treatment treatments trial trials tube tuberculosis tumor tumors type
ulcer ulnar
ultrasonography ultrasound unilateral upper ureteral urinary uterine uterus vaccination validation valve
valvular
variability variables variant variants variation vascular vasculitis vein veins velocity vena cava venous
ventral
ventricular vertebra vertebrae vertebral vertebroplasty vessel vessels visualization volume volumes
weight-bearing
women workflow wrist x-ray years younger zone
"""

SENTENCES = """
To the Editor: We read with great interest the article by
This article reviews the imaging appearances of
This narrative review summarizes current evidence on the
A systematic search of PubMed, Embase, Web of Science and the Cochrane Library was performed from inception to
PRISMA guidelines. Random-effects models were used to calculate pooled estimates. Heterogeneity was assessed
with I2.
Risk of bias was assessed using QUADAS-2. The certainty of evidence was low. meta-analysis of randomized
controlled
This work was supported by a grant from the National Institutes of Health. The authors declare no competing
interests.
The authors have no conflicts of interest to declare. Data are available from the corresponding author on
request.
This study was approved by the institutional review board, and the requirement for written informed consent
was waived.
Written informed consent was obtained from all participants. ClinicalTrials.gov identifier: NCT
The purpose of this study was to evaluate the
The aim of this study was to investigate whether
The objective was to compare the diagnostic performance of
To determine the diagnostic accuracy of
To assess the safety and efficacy of
We aimed to evaluate the effect of
This retrospective study included patients who underwent
In this prospective, multicenter study,
In this single-center retrospective study, consecutive patients with
between January 2015 and December 2020
between March and October
were randomly assigned to receive either
The primary outcome was the change in
Secondary outcomes included adverse events,
visual analog scale (VAS) numeric rating scale (NRS) Oswestry Disability Index (ODI) quality of life
at baseline and at 1, 3, 6, and 12 months
Two radiologists independently reviewed the images, blinded to the
Two readers independently assessed
Interobserver agreement was assessed with the kappa statistic. intraclass correlation coefficient (ICC)
Statistical analysis was performed using the Mann-Whitney U test, the chi-square test, Fisher exact test,
paired t test
Univariable and multivariable logistic regression analyses were performed to identify independent predictors
of
Cox proportional hazards models Kaplan-Meier curves log-rank test overall survival progression-free survival
receiver operating characteristic curve analysis area under the receiver operating characteristic curve (AUC)
positive predictive value (PPV) and negative predictive value (NPV)
sensitivity, specificity, and accuracy were
sensitivity of 90% and specificity of 85%
computed tomography (CT) magnetic resonance imaging (MRI) magnetic resonance (MR) imaging ultrasound (US)
positron emission tomography (PET)/CT contrast-enhanced CT diffusion-weighted imaging T1-weighted and
T2-weighted
apparent diffusion coefficient (ADC) signal-to-noise ratio contrast-to-noise ratio a 3-T scanner
digital subtraction angiography transcatheter arterial chemoembolization hepatocellular carcinoma
deep learning model convolutional neural network artificial intelligence (AI) machine learning large language
models
A total of 120 patients (mean age, 56 years ± 12 [standard deviation]; 64 men, 56 women) were included.
patients (mean age, 62 years; range, 18–85 years;
A total of 100 patients were enrolled.
The mean follow-up was 12 months. The median follow-up period was
Technical success was achieved in all patients. The technical success rate was 100%. Clinical success
No major complications were observed. No serious adverse events occurred. There were no procedure-related
complications
There was no statistically significant difference between the two groups
There was no significant difference in
was significantly higher in the group than in the
were significantly lower than those of the
was significantly associated with
was not significantly different (P = .32).
(odds ratio [OR], 2.4; 95% confidence interval [CI]: 1.2, 4.8; P = .01)
(hazard ratio, 0.62; 95% CI, 0.45–0.86; p = 0.004)
(95% CI: 0.85, 0.94; P < .001)
(p < 0.001), (P < .05) p = 0.02 respectively (all P < .001).
compared with the control group
in patients with in the treatment of for the diagnosis of in the management of as well as with respect to
at the time of on the basis of in terms of due to the presence of the number of a high risk of the use of
These findings suggest that
Our results demonstrate that
The results of this study showed that
Further studies are needed to confirm these findings. Further research is warranted.
In conclusion, is a safe and effective treatment for
may be a useful tool for
can be used to
has the potential to improve
is associated with
should be considered in
Published under a CC BY 4.0 license. Supplemental material is available for this article. © RSNA, 2024
© 2024 The Author(s). Published by Elsevier Inc. All rights reserved. Copyright © 2025 Wiley Periodicals LLC.
"""

HEADINGS = """
Humans Male Female Adult Aged Middle Aged Adolescent Child Retrospective Studies Prospective Studies
Treatment Outcome Follow-Up Studies Sensitivity and Specificity Reproducibility of Results Risk Factors
Tomography, X-Ray Computed|Magnetic Resonance Imaging|Ultrasonography|Contrast Media|Diagnosis, Differential
Radiography, Interventional|Embolization, Therapeutic|Injections, Epidural|Low Back Pain|Spinal Stenosis
Image Processing, Computer-Assisted|Deep Learning|Algorithms|Neoplasm Staging|Lung Neoplasms|Breast Neoplasms
"""

PLACES = """
Department of Neurology, Department of Surgery, Department of Anesthesiology, Department of Orthopaedic
Surgery,
Department of Nuclear Medicine, Department of Diagnostic and Interventional Radiology, Department of Medicine,
Division of Vascular and Interventional Radiology, School of Medicine, Faculty of Medicine, College of
Medicine,
Medical Center, Medical University, University Hospital, General Hospital, Children's Hospital, Cancer Center,
Institute of Radiology, Hospital, University of California, Stanford, Los Angeles, San Francisco, New York,
Boston,
Massachusetts, Philadelphia, Pennsylvania, Chicago, Illinois, Texas, Florida, Ohio, Maryland, United States of
America.
Toronto, Ontario, Canada. London, United Kingdom. Paris, France. Berlin, Germany. Munich, Germany. Rome,
Italy.
Milan, Italy. Madrid, Spain. Barcelona, Spain. Zurich, Switzerland. Vienna, Austria. Amsterdam, The
Netherlands.
Seoul, South Korea. Seoul, Republic of Korea. Tokyo, Japan. Beijing, China. Shanghai, China. Guangzhou, China.
Taipei, Taiwan. New Delhi, India. Melbourne, Australia. Istanbul, Turkey. Ankara, Türkiye. Tehran, Iran.
Cairo, Egypt.
Sao Paulo, Brazil. Department of Radiology, University of
Electronic address:
"""


def main() -> None:
    """Write the file with the number on the command line."""
    [number] = sys.argv[1:]
    target = ROOT / "wetread" / "storage" / f"dictionary_{number}.txt"
    if target.exists():
        raise SystemExit(f"{target} is there already. Use the next number.")
    text = made()
    target.write_bytes(text)
    print(f"{target}: {len(text):,} bytes")


def made() -> bytes:
    """Return the dictionary."""
    from wetread.domain.catalogue import Catalogue

    journals = "\n".join(
        f'"journal":"{journal.title}","journal_abbreviation":"{journal.abbreviation}",'
        f'"issns":{json.dumps(journal.issns)}'
        for journal in Catalogue.load().journals
    )
    rest = "\n".join(
        (
            " ".join(WORDS.split()),
            " ".join(PLACES.split()),
            HEADINGS.strip().replace("|", '","'),
            " ".join(SENTENCES.split()),
            _skeleton(),
        )
    )
    room = MOST_BYTES - len(rest.encode()) - 1
    return journals.encode()[-room:].decode(errors="ignore").encode() + b"\n" + rest.encode()


def _skeleton() -> str:
    """Return records as they are stored, with every field that many have."""
    from wetread.domain.models import (
        Accession,
        Author,
        PartialDate,
        Record,
        Relation,
        RelationKind,
        Section,
    )
    from wetread.storage.packing import text_of

    everything = Record(
        source="Europe PMC",
        title="A",
        authors=(
            Author("Trial Group", is_collective=True),
            Author("Example", "Ada B", suffix="Jr", degrees="MD, PhD"),
            Author(
                "Example", "Ada", affiliations=("Department of Radiology, University of",), orcid="0000-0002-"
            ),
            Author("Example", "Ada", affiliations=("Department of Radiology,",), orcid="0000-0001-"),
        ),
        has_more_authors=True,
        abstract=tuple(
            Section("The", label)
            for label in (
                "BACKGROUND AND PURPOSE",
                "MATERIALS AND METHODS",
                "STUDY DESIGN",
                "IMPORTANCE",
                "FINDINGS",
                "Background",
                "Purpose",
                "Materials and Methods",
                "Methods",
                "Results",
                "Conclusion",
                "CLINICAL RELEVANCE STATEMENT",
                "KEY POINTS",
                "OBJECTIVES",
                "OBJECTIVE",
                "BACKGROUND",
                "PURPOSE",
                "METHODS",
                "RESULTS",
                "CONCLUSIONS",
                "CONCLUSION",
            )
        ),
        doi="10.1148/radiol.",
        pmid="3",
        pmcid="PMC1",
        pii="S0",
        arxiv="2",
        nlm_id="1",
        volume="3",
        issue="1",
        pages="1–",
        online_on=PartialDate(2024, 1, 1),
        issue_on=PartialDate(2025, 12),
        received_on=PartialDate(2024, 1, 1),
        revised_on=PartialDate(2024, 2, 1),
        accepted_on=PartialDate(2024, 2, 1),
        types=(
            "Journal Article",
            "Review",
            "Randomized Controlled Trial",
            "Case Reports",
            "Multicenter Study",
            "Observational Study",
            "Systematic Review",
            "Meta-Analysis",
            "Comparative Study",
            "Editorial",
            "Letter",
            "Comment",
            "Research Support, Non-U.S. Gov't",
            "Research Support, N.I.H., Extramural",
        ),
        mesh=("Humans",),
        language="eng",
        url="https://doi.org/10.1016/j.",
        free_url="https://europepmc.org/articles/PMC",
        licence="CC BY-NC-ND",
        copyright="© 2025. The Author(s).",
        correspondence="A",
        presented_at="A",
        accessions=(Accession("ClinicalTrials.gov", "NCT0"),),
        funding=("National Institutes of Health",),
        disclosures="The authors declare",
        has_no_abstract=True,
        is_ahead_of_print=True,
        is_probable=True,
        relations=tuple(
            Relation(kind, doi="10.", pmid="3", text="A", reported_by="PubMed", on=PartialDate(2024))
            for kind in (
                RelationKind.RETRACTED_BY,
                RelationKind.CORRECTED_BY,
                RelationKind.HAS_PREPRINT,
                RelationKind.PREPRINT_OF,
                RelationKind.COMMENT_IN,
            )
        ),
    )
    of_a_feed = Record(
        source="feed",
        title="The",
        authors=(Author("Example", "Ada"), Author("Example", "Ben")),
        abstract=(Section("The"),),
        doi="10.5555/",
        journal="Journal of ",
        journal_abbreviation="J ",
        issns=("0",),
        volume="1",
        issue="1",
        pages="1–9",
        online_on=PartialDate(2026, 1, 1),
        url="https://www.",
    )
    fields = (
        "title",
        "authors",
        "abstract",
        "doi",
        "pmid",
        "pmcid",
        "pii",
        "journal",
        "journal_abbreviation",
        "issns",
        "nlm_id",
        "volume",
        "issue",
        "pages",
        "online_on",
        "issue_on",
        "received_on",
        "accepted_on",
        "types",
        "mesh",
        "language",
        "url",
        "free_url",
        "licence",
        "copyright",
        "relations",
        "funding",
        "is_ahead_of_print",
    )
    provenance = [
        dict.fromkeys(fields, source) for source in ("OpenAlex", "Unpaywall", "Crossref", "PubMed", "feed")
    ]
    return "\n".join(
        (
            *(json.dumps(each, separators=(",", ":")) for each in provenance),
            text_of(everything),
            text_of(of_a_feed),
        )
    )


if __name__ == "__main__":
    main()
