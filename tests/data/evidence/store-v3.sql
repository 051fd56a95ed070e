BEGIN TRANSACTION;
CREATE TABLE claim (
	id VARCHAR(200) NOT NULL, 
	document VARCHAR(200) NOT NULL, 
	coder VARCHAR(100) NOT NULL, 
	position INTEGER NOT NULL, 
	body TEXT NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(document) REFERENCES document (id)
);
INSERT INTO "claim" VALUES('g.1','g','machine/m',9,'{"id":"g.1","source":"g","quote":"no","sentence":{"text":"Ada said no.","start":0,"end":12},"content":[{"text":"no","start":9,"end":11}],"chain":[{"name":"The Gazette","role":"outlet"},{"name":"Ada"}],"coder":"machine/m","status":"proposed"}');
INSERT INTO "claim" VALUES('g.2','g','machine/m',33,'{"id":"g.2","source":"g","quote":"Ostia could still agree","sentence":{"text":"Others wavered, and Ostia could still agree.","start":13,"end":57},"content":[{"text":"Ostia could still agree","start":33,"end":56}],"edges":[{"kind":"requires","actor":"ostia"}],"coder":"machine/m","status":"proposed"}');
INSERT INTO "claim" VALUES('g.3','g','machine/m',20,'{"id":"g.3","source":"g","quote":"wavered","sentence":{"text":"Others wavered, and Ostia could still agree.","start":13,"end":57},"content":[{"text":"wavered","start":20,"end":27}],"coder":"machine/m","status":"proposed"}');
CREATE TABLE coder (
	name VARCHAR(100) NOT NULL, 
	kind VARCHAR(20) NOT NULL, 
	PRIMARY KEY (name)
);
INSERT INTO "coder" VALUES('machine/m','machine');
INSERT INTO "coder" VALUES('ada','human');
INSERT INTO "coder" VALUES('bo','human');
CREATE TABLE document (
	id VARCHAR(200) NOT NULL, 
	hash VARCHAR(64) NOT NULL, 
	text TEXT NOT NULL, 
	about TEXT NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "document" VALUES('g','6391a518411bf97a08c21266de86ff6abd03cfa03978f523c8ee31d4645d3121','Ada said no. Others wavered, and Ostia could still agree.','{"outlet": "The Gazette", "date": "2026-01-05"}');
CREATE TABLE reading (
	document VARCHAR(200) NOT NULL, 
	coder VARCHAR(100) NOT NULL, 
	found INTEGER NOT NULL, 
	PRIMARY KEY (document, coder), 
	FOREIGN KEY(document) REFERENCES document (id)
);
INSERT INTO "reading" VALUES('g','machine/m',3);
CREATE TABLE review (
	number INTEGER NOT NULL, 
	claim VARCHAR(200) NOT NULL, 
	coder VARCHAR(100) NOT NULL, 
	action VARCHAR(20) NOT NULL, 
	changes TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	undoes INTEGER, 
	at VARCHAR(40) NOT NULL, 
	PRIMARY KEY (number), 
	FOREIGN KEY(claim) REFERENCES claim (id)
);
INSERT INTO "review" VALUES(1,'g.1','ada','correct','{"hedge": "could"}','first',NULL,'2026-11-29T18:07:15.154046+00:00');
INSERT INTO "review" VALUES(2,'g.1','ada','correct','{"quote": "words that stand nowhere"}','',NULL,'2026-11-29T18:07:15.154946+00:00');
INSERT INTO "review" VALUES(3,'g.2','bo','accept','{}','',NULL,'2026-11-29T18:07:15.155547+00:00');
INSERT INTO "review" VALUES(4,'g.2','bo','undo','{}','',3,'2026-11-29T18:07:15.156442+00:00');
INSERT INTO "review" VALUES(5,'g.3','bo','reject','{}','a fragment',NULL,'2026-11-29T18:07:15.157271+00:00');
CREATE TABLE vetopoint_case (
	"case" VARCHAR(200) NOT NULL, 
	PRIMARY KEY ("case")
);
INSERT INTO "vetopoint_case" VALUES('mine');
CREATE TABLE vetopoint_schema (
	version INTEGER NOT NULL, 
	PRIMARY KEY (version)
);
INSERT INTO "vetopoint_schema" VALUES(1);
INSERT INTO "vetopoint_schema" VALUES(2);
INSERT INTO "vetopoint_schema" VALUES(3);
CREATE INDEX claim_by_document ON claim (document, position);
CREATE INDEX review_by_claim ON review (claim, number);
CREATE TRIGGER document_no_update BEFORE UPDATE ON document BEGIN SELECT RAISE(ABORT, 'document rows are never changed'); END;
CREATE TRIGGER document_no_delete BEFORE DELETE ON document BEGIN SELECT RAISE(ABORT, 'document rows are never changed'); END;
CREATE TRIGGER review_no_update BEFORE UPDATE ON review BEGIN SELECT RAISE(ABORT, 'review rows are never changed'); END;
CREATE TRIGGER review_no_delete BEFORE DELETE ON review BEGIN SELECT RAISE(ABORT, 'review rows are never changed'); END;
COMMIT;
