"""First names that one person goes by, a line each. Without accents, in small letters.

A line holds what people call somebody in one life: short forms (Tomasz is Tomek to colleagues), and what a neighbour's
alphabet or an English file makes of the name (Oleksandr is Alexander there). A word may stand in several lines, since
Ola may be short for Aleksandra or Olga. Names that merely sound akin stand apart: Marek is no Mariusz, and in Latin
letters a Jarosław is no Yaroslav.
"""

SAME_PERSON = """
abigail abby gail
abraham abe bram
adam adas
agnieszka aga agusia
alan al allan allen
albert al bert bertie
aleksander aleks alex olek alexander oleksandr aliaksandr alexandr sasha sacha xander lex alexandre alejandro oles
aleksandra ola olka alexandra alex oleksandra sasha sandra alejandra aleks ola
aleksy aleksei alexei alexey oleksii oleksiy alyosha lyosha alexej aleksiej aliaksei
alfonso alfons poncho
alicja ala alice
alina alinka
amelia amelka mela
anastasia anastazja anastasiia anastasiya nastia nastya nastka
anatol anatolij anatolii anatoly tolik
andrea andi andy
andrzej jedrek andrij andrii andriy andrei andrey andriej andreas andi andrew andy drew andres
angela angie andzelika angelika geli
anna ania anka ann annie anne ana anya
anthony antony tony
antoni antek antos anton
antonina tosia tonia antonia toni
antonio toni tono anton antoine
arkadiusz arek arkadii arkady
artem artiom artyom
artur arek arturo arthur art artem
barbara basia baska barb barbie babs barbel
bartlomiej bartek bartosz bart
bartosz bartek
beata beatka
beatrice beatriz bea bee trixie
benjamin ben benny benji
bernadette bernie detta
bernard bernie bernd bernhard
bogdan bodzio bohdan
boguslaw bogus
bohdan bogdan
bohdana bogdana
bozena bozenka
bradley brad
bronislaw bronek
brygida brigitte gitta gitti bridget birgit
carl karl
carolina karolina caro caroline carolin karoline carrie
cecylia cecilia cila cilka celia cissy
celina celinka
cezary czarek
charles charlie chuck
christian krystian kristian cristian chris
christina christine chris tina krystyna khrystyna kristina kristine christa cristina kirsten
christopher chris kit topher krzysztof krzysiek kris christoph christophe cristobal stoffel
claudia klaudia claudine
concepcion concha conchita
consuelo chelo
cynthia cindy
cyprian cyp
czeslaw czesiek
dagmara daga
damian damianek damien
daniel dan danny danek danylo danilo daniil danila
daniela dana
danuta danka danusia
danylo danil
daria darya dasha darka
dariusz darek
david dave davy dawid davyd
deborah debbie deb debra
diana di dianka
dmytro dmitry dmitri dmitrij dmitriy dima mitya dimitri dymitr
dolores lola loli
dominik dominic domi dominique dom domingo
donald don donnie
dorota dorotka dorothea dorothee dorothy doris thea
douglas doug
edmund ed mundek edi
edward edek ed eddie ted ned eduard eduardo edouard edi
edyta edith
elena olena alena helena helen lena yelena olenka alyona
eleonora ella nora eleanor
elzbieta ela elka elizabeth elisabeth eliza liz lizzie beth betty lisa elise elsa elsbeth liesel yelyzaveta lisbeth lili
emilia emilka emily emilie emmy mila
eric erik erich eryk
eugenia yevheniia evgenia zhenya yevgenia
eugeniusz gienek eugene gene yevhen evgeny yevgeny evhen eugen zhenya eugenio
ewa ewka eva eve yeva
ewald ewaldek
ewelina ewelinka evelina evelyn
fabian fabek
feliks felek felix
ferdinand ferdi fernando nando
filip fil philip phil philipp felipe philippe pip fips pylyp
florian flo
frances fran frankie
francesca fran franziska franciszka frances franka frannie
franciszek franek francis frank frankie francisco paco pancho francois franz franzi
frederick fred freddie freddy friedrich fritz fryderyk federico frederic fredrik frederik
gabino gabi
gabriel gabe gabrys havryil
gabriela gabi gaby gabrysia gabriele gabrielle
geoffrey geoff jeff jeffrey
georgy georgii heorhii georges
geraldine gerry
gerard gerry jerry
gerhard gerd gerry
gertruda gerda trudi gertrud
gilbert gil bert
grace gracie
grazyna graza
gregory greg grzegorz grzesiek grzes hryhorii grigory grigorii grischa gregor gregorio gregoire
guadalupe lupe lupita
gunter gunther
gustaw gucio gustav gustavo
halina hala halyna galina galya halinka
halyna halia
hanna hania hanka hannah hanne
hans johannes johann hannes hansi joachim
harold harry hal harald
heinrich heinz heiner henryk heniek henry hank harry henri enrique quique hendrik henrik
helmut helmuth
hieronim hirek
hlib gleb hleb
hubert hubi
ignacy ignac ignacio nacho
igor ihor
ilia ilya illia ilja
illarion larion
ilona ilonka ilka
inge ingeborg inga
inna ina
irena irka irene iryna irina ira iren
ireneusz irek
irmgard irma irmi
isabella izabela iza izabella isabel bella isa isabelle izka
ivan vanya iwan vania ioan
iwona iwonka yvonne
jacek jacus
jacqueline jackie jacquie
jakub kuba jakob jacob jake jac yakiv yakov iakov jacobo jakobus
james jim jimmy jamie jem jaime
jan janek jas jasiek
janina janka nina
janusz janek
jaroslaw jarek slawek
jorg joerg
jennifer jen jenny jennie
jerome hieronim jeronimo
jerzy jurek george georg
jessica jess jessie
jesus chus chucho
joachim achim jochen joaquin
joanna asia aska joasia jo johanna joan johanne
john johnny jack jonny jon
jonathan jon jonny nathan
jose pepe josep josef
josef sepp jupp beppo jozef joseph josip
joseph joe joey jo jozef yosyp iosif osip
joshua josh
jozef jozek josef joseph
juan juanito
judith judy judyta judi
julia julka julie yulia yuliia iuliia yuliya jule
julian julek julien
justyna justa justine
kacper kacperek kaspar casper kasper
kamil kamilek
kamila kama camilla camille
karol lolek karl
karolina karola
katarzyna kasia kaska kate kathy katherine catherine cathy cat katharina kathrin kateryna ekaterina katya kathleen katie
katrin kati trini
kazimierz kazik
kenneth ken kenny
kimberly kim
kinga kinia
klaus nikolaus
konrad konradek conrad kurt
konstanty kostek konstantin kostiantyn kostya constantin constantine kostia
krystyna krysia
krzesimir krzesiek
krzysztof krzysiek krzys kris
ksenia xenia oksana kseniia ksenya kseniya oxana
kyrylo kirill kiril cyryl cyril
larysa larisa lara
laura laurie
lawrence larry laurence lorenz lorenzo laurent wawrzyniec
leonard leon len leo lenny leonhard leonardo
leonid lonya leon
leszek lesio
lidia lida lidka lydia lidiia
liliana lila lilka lilian lily lillian
liliia lilia
lubomir lubek
lucja lucyna lucy lucia luzie lucie
ludmila lusia liudmyla lyudmila ludka liuda lyuda milla
ludwik ludwig lutz luis louis lou lewis louie lucho
luis lucho luisito
lukasz lukas luka luke lucas luc
lyubov liubov luba lubov
maciej maciek
magdalena magda madzia lena magdalene madeleine maddie madlen
makar makary
maksymilian maks max maksym maxim maksim maximilian maxime maximiliano
malgorzata gosia goska malgosia margaret maggie meg peggy margarete gretchen margarita margit greta rita marguerite
manfred manni fred
manuel manolo manu manny emmanuel emanuel lolo
marcel marceli marcello
marcin marcinek martin
marek mark mareczek
maria marysia maryska mary marie mariya mariia masha mascha molly polly maryla mariola marichu maryna majka mitzi
marianna maryska marianne
marius mario
mariusz mariuszek
markus marcus mark marc
marta martusia martha marthe
martin marty marti
martyna martina tina
maryna marina
mateusz mati matthew matt
matilda tilda matylda tilly mathilde
matthew matt matty
matthias mattias
matvii matvey
maurycy moritz maurice mauricio moryc
melania mela melanie mel
mercedes merche
michael mike mick mickey micky michal michel mikey micha michi
michal misiek michael mykhailo mikhail michail misha mischa mykhaylo miguel mykhajlo mychajlo michas
mieczyslaw mietek
mikolaj miki nick nicholas nikolaus nikolas nikolai mykola klaus claus niklas nicolaus kolya nico niko mikalai nicola
milosz milek
miroslava mirka myroslava miroslawa
miroslaw mirek myroslav
mitchell mitch
monika monia monica monique moni
montserrat montse
mstyslav mstislav
mykyta nikita nykyta
nadia nadiia nadezhda nadzieja nadya nadiya
nadiia nadia
natalia natalka natasha nataliya nataliia natalie natalja natasza nat nataliia nata tala
nathaniel nathan nate nat
nazar nazarii
nelia nelya
nicole nikola nicola nicky nikki nici
norbert bert norbi
oksana xenia
oleg oleh
olga olha ola
olimpia ola
oliwia olivia ola liv
orest orestes
ostap ostapko
otylia ottilie tilli
pamela pam
patricia pat patty patrycja trish tricia patrizia pati
patrick pat paddy patryk patricio
paul pawel pavlo pavel pawlo paulo paulus pablo
paulina paula pauline paulinka
pavlo pasha
pawel pawelek
peter pete piotr petro pyotr pedro pierre piet petr pit pieter petrus petia
philippa pippa pip
pilar pili
piotr piotrek piotrus petro
polina paulina
przemyslaw przemek przemko
rachel rae rachela rahel
radoslaw radek
rafal rafael raphael rafa rafalek rafi
raisa raya
ralf ralph
raymond ray raimund raymund
rebecca becky becca rebekka rebeka
regina gina renia
remigiusz remek
renata renia renate
richard rick rich dick ricky ryszard rysiek ricardo rico
robert rob bob bobby robbie bert rubert robercik
roberta bobbie
roman romek
ronald ron ronnie
rosario charo
rostyslav rostislav
rozalia roza rose rosie rosa
rudolf rudi rolf
ruslan ruslanchyk
ruslana rusia
russell russ
ryszard rysiek rychu
salvador salva chava
samantha sam sammy
samuel sam sammy samek
sandra sandy
sebastian seba bastian basti sebastien seb bas
serhii sergey sergei serhiy sergiy serge sergio sergiusz serhij sergej siergiej siarhei seriozha
seweryn sewek
siegfried sigi
slawomir slawek
sofia zofia zosia sophie sophia sofie sofija sofiia sofiya zoska fifi
stanislaw staszek stas stach stanislav stan stanislas
stanislawa stasia
stefan stef stefek stephen stephan steven steve stepan steffen stefano stephane
stefania stefa stephanie steffi stefanie steph estefania
stepan stephan
susanna zuzanna zuza zuzia susan sue susie suzanne susanne suzy sanne susana
sviatoslav svyatoslav swiatoslaw
svitlana svetlana sveta swietlana swetlana svieta svitlana
sylwester sylwek silvester
sylwia sylvia silvia silvie
szymon szymek simon simeon semen semyon simone
tadeusz tadek tadzik thaddaus tadeo
taisiia taisia
tamara toma
taras tarasik
tatiana tania tanya tetiana tatyana tetyana tanja tatjana tana
teodor fedir fyodor theodor theo ted teddy theodore teo teodoro fedor fiodor
teresa renia terenia terry therese theresa tess tessa resi tere
thomas tom tommy tomasz tomek tomas thom tomaso tomi tomko
tibor tibi
timothy tim timmy tymoteusz tymek timotheus tymofii timofey
tobias tobi toby tobiasz
tomasz tomek tomus tomaszek tom
trinidad trini
tymofii timofei
ulrich uli utz
urszula ula ulka ursula uschi ulla ursel
valentyn valentin walenty valentine
valentyna valentina walentyna valya
valerii valery valeriy walery valerij valera
vasyl vasily vasilii wasyl vasya vasilij basil basilio wasilij bazyli
veit vitus
veronika weronika wera veronica vera nika ronnie veronique vroni
viacheslav slava
viktor victor wiktor vic vitya vik
viktoria wiktoria victoria vicky vika wika viktoriia viktoriya vicki tori viktorija
vincent vince vinnie wincenty vicente chente vinzenz
vincenzo enzo
violetta wioletta viola wiola violeta
vira vera wiera
vitalii vitaly vitalij witalij witalis vitalik
vladimir volodymyr wladimir wlodzimierz wlodek vova volodya wolodymyr uladzimir vlad wladek volodia
vladislav vladyslav wladyslaw wladek vlad uladzislau
vyacheslav viacheslav wiaczeslaw slava wieslaw
waclaw wacek vaclav wenzel
waldemar waldek
walter walt wally
wanda wandzia vanda
wieslaw wiesiek
wieslawa wiesia
wilhelm willi willy wil willem wim william bill billy will guillermo guillaume liam
witold witek
wlodzimierz wlodek
wojciech wojtek wojciechu adalbert
wolfgang wolf wolfi
yakiv jakub
yana jana iana
yaroslav iaroslav yarik
yehor egor iegor jehor jegor
yevdokiia evdokia
yolanta jolanta jola jolka yolanda
yurii jurij yuri yuriy iurii yura jury
zachary zach zack zak
zakhar zachar
zbigniew zbyszek zbych zibi
zdzislaw zdzisiek zdzich
zenobia zenia
zenon zenek
zhanna jana zanna
ziemowit ziemek
zinaida zina
zoe zoja zoya
zygmunt zyga zygmus sigmund siegmund sigi
"""
