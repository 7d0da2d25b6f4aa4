BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0002');
CREATE TABLE audit (
	number INTEGER NOT NULL, 
	line TEXT NOT NULL, 
	CONSTRAINT pk_audit PRIMARY KEY (number)
);
INSERT INTO "audit" VALUES(1,'{"action":"person added","actor":null,"at":"2026-11-30T09:01:00Z","number":1,"previous":"0000000000000000000000000000000000000000000000000000000000000000","seal":"f65735368cdb34ab2b46d45854bc360a8a7bfdd3fa4fd38fd7ec1f576191b7f9","subject":"0f24faaa8622637d"}');
INSERT INTO "audit" VALUES(2,'{"action":"person changed","actor":null,"at":"2026-11-30T09:01:00Z","number":2,"previous":"4207b7004801510003c19c7e62972ec17b4788281e3cdcd60b68e8ee1739351b","role":"admin","seal":"37086059c5ee3ad64d55b58c9e5e53eb995f703e3ddf61cb03b99f41a0634f94","subject":"0f24faaa8622637d"}');
INSERT INTO "audit" VALUES(3,'{"action":"person added","actor":"0f24faaa8622637d","at":"2026-11-30T09:02:00Z","number":3,"previous":"da7be6cfd6412d777ed8c81de7c7e061fef517e70cae7e6d7c546f5140cce0c5","seal":"0cdaa745d5c1c3bc9653a00cb4c9890bd55757a72dfd02a9bc79a171748083b9","subject":"5346b24432db1b6e"}');
INSERT INTO "audit" VALUES(4,'{"action":"person changed","actor":"0f24faaa8622637d","at":"2026-11-30T09:02:00Z","number":4,"previous":"fd214385327a1235acb8c003fc2f0f6f311218335ab2b2cf9af94d5c5dd67acf","role":"trainee","seal":"90e465ceb591b45af426f342ef381c57514487f791758de612b1be6ff53ac117","subject":"5346b24432db1b6e"}');
INSERT INTO "audit" VALUES(5,'{"action":"person added","actor":"0f24faaa8622637d","at":"2026-11-30T09:03:00Z","number":5,"previous":"75d8d9117eb8ea22b49af69bd799eb3ba313b11d80fe516ffdf333a6eea0ec7f","seal":"4f94cadf8ff5e9d5603fa6a1b7de7f8dce458d2dcdf2f326540e838ab0f50d50","subject":"fa816f2a5a4b06d0"}');
INSERT INTO "audit" VALUES(6,'{"action":"person changed","actor":"0f24faaa8622637d","at":"2026-11-30T09:03:00Z","number":6,"previous":"d4bc669173b61ae1fc1716ac85218685458f509de1d2c7fe025d4fd404253ac9","role":"admin","seal":"6f8e981cc6520170d335e3381653fd060eea25e547d869ff66aed8e8423407ec","subject":"fa816f2a5a4b06d0"}');
INSERT INTO "audit" VALUES(7,'{"action":"session added","actor":"0f24faaa8622637d","at":"2026-11-30T09:05:00Z","number":7,"previous":"51b1f8ec8cc9ebea5b1f497fcea5a8081070a104147477e265aca328c4319784","seal":"fd0d0b5d0facc6b9fa816eae430cae79632c5e543af39396182a3188158a8494","session":1,"subject":"5346b24432db1b6e"}');
INSERT INTO "audit" VALUES(8,'{"action":"session begun","actor":"0f24faaa8622637d","at":"2026-11-30T09:06:00Z","number":8,"previous":"edc432222350a4404ca87ac3d23e6f9b1a665c140a2d5160028d1f0dbb3aff6b","seal":"071076bbd29f5950d2fba9d4c1a3c923d96212f913e369f555f42d3f864119b5","session":2}');
INSERT INTO "audit" VALUES(9,'{"action":"person added","actor":"fa816f2a5a4b06d0","at":"2026-11-30T10:01:00Z","number":9,"previous":"a4cf9375ff758cf5e2fe53e5ab12752abc7d743d4e497b4998e64c00e8e321fb","seal":"52939d6235b7a63cdb10f5d67bdb38794f2570e6429f0a92e8721f849548d205","subject":"521f70a56b5d76c7"}');
INSERT INTO "audit" VALUES(10,'{"action":"person changed","actor":"fa816f2a5a4b06d0","at":"2026-11-30T10:01:00Z","number":10,"previous":"be76e8f6073725356283d292caef91008d7e60dc29486d7973784d5f3631b0ba","role":"instructor","seal":"3cae9dfa9ca64f3889d344d72dd09e903bf75fffe327c61fe3679d151cacd01b","subject":"521f70a56b5d76c7"}');
INSERT INTO "audit" VALUES(11,'{"action":"score overruled","actor":"521f70a56b5d76c7","at":"2026-11-30T10:02:00Z","number":11,"previous":"21bbc3e53f511970dcfa0068faf4c1f501938a39713f57284c087780d21e2d6a","seal":"369779444b8851996a17a04863aaa58f6d52eef6a13d8971432a0634262c2c5f","session":1,"subject":"5346b24432db1b6e"}');
INSERT INTO "audit" VALUES(12,'{"action":"note written","actor":"521f70a56b5d76c7","at":"2026-11-30T10:03:00Z","number":12,"previous":"667ca39585ffa0c0dc5f7383522a572e026c053655d549856bd11d804329846c","seal":"68db133d2eead192d927e284d660f50ac5844856cd040da91683d099f651cdea","subject":"5346b24432db1b6e"}');
CREATE TABLE file (
	session INTEGER NOT NULL, 
	name VARCHAR(200) NOT NULL, 
	size BIGINT NOT NULL, 
	sha256 VARCHAR(64) NOT NULL, 
	sealed_sha256 VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_file PRIMARY KEY (session, name), 
	CONSTRAINT fk_file_session FOREIGN KEY(session) REFERENCES session (number)
);
INSERT INTO "file" VALUES(1,'session.mcap',2450,'627d603994df5fd1db8512bb760eb9eb0a3dbd0857b64e04dd29792d8e3035d3','b315653388f2ed18f89112be72534840e00071a37bb1d153cfaa8fd788b34002');
INSERT INTO "file" VALUES(1,'timing.json',19,'83ff754af81de7d88749f2e69c31f1fe5af1c03a7ea7c754058bf3d4fdd6955a','12ff3c2ebe221f97668c9afecddb2763344dce279aa26c8af4e1cfe344af10bc');
INSERT INTO "file" VALUES(1,'result.json',987,'d93790180c251c631914f50fd896396cd039bcd390a6de492239cc2349ea09e6','f71eba1367129cd409dacdea2a26ad14b096e87ad0bb233584a3ee20346ee91f');
CREATE TABLE metric (
	session INTEGER NOT NULL, 
	name VARCHAR(200) NOT NULL, 
	value DOUBLE, 
	unit VARCHAR(32) NOT NULL, 
	CONSTRAINT pk_metric PRIMARY KEY (session, name), 
	CONSTRAINT fk_metric_session FOREIGN KEY(session) REFERENCES session (number)
);
INSERT INTO "metric" VALUES(1,'time',60.5,'s');
INSERT INTO "metric" VALUES(1,'smoothness.sparc',NULL,'1');
CREATE TABLE mistake (
	session INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	id VARCHAR(200) NOT NULL, 
	severity VARCHAR(16) NOT NULL, 
	time_s DOUBLE NOT NULL, 
	text TEXT NOT NULL, 
	CONSTRAINT pk_mistake PRIMARY KEY (session, position), 
	CONSTRAINT fk_mistake_session FOREIGN KEY(session) REFERENCES session (number)
);
INSERT INTO "mistake" VALUES(1,0,'too_hard','minor',12.0,'Pressed hard.');
CREATE TABLE note (
	number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	person VARCHAR(32) NOT NULL, 
	text BLOB NOT NULL, 
	"by" VARCHAR(32), 
	at VARCHAR(20) NOT NULL, 
	CONSTRAINT fk_note_person FOREIGN KEY(person) REFERENCES person (id), 
	CONSTRAINT fk_note_by FOREIGN KEY("by") REFERENCES person (id)
);
INSERT INTO "note" VALUES(1,'5362b0ac9ad9de323b826c99f8bd8cfc',X'C7EDDEE3A0AC7E28A58F6FE9C1B3FB1BF86DFD637BAA6C1111359A709F3AC6678D858D6CAE7496','2a6e7d27de5c2503c69b876727f27ab6','2026-11-30T10:03:00Z');
CREATE TABLE overrule (
	number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	session INTEGER NOT NULL, 
	line VARCHAR(200) NOT NULL, 
	points DOUBLE, 
	passed BOOLEAN, 
	reason BLOB NOT NULL, 
	"by" VARCHAR(32), 
	at VARCHAR(20) NOT NULL, 
	CONSTRAINT fk_overrule_session FOREIGN KEY(session) REFERENCES session (number), 
	CONSTRAINT fk_overrule_by FOREIGN KEY("by") REFERENCES person (id)
);
INSERT INTO "overrule" VALUES(1,1,'found',90.0,NULL,X'9AC04C69B71B341EA83C3CF8D37DB8E596FF1ECC638D98AC95518F988C75A680A37EFC185D7319F3EDEF49FFB0','2a6e7d27de5c2503c69b876727f27ab6','2026-11-30T10:02:00Z');
CREATE TABLE person (
	id VARCHAR(32) NOT NULL, 
	role VARCHAR(16), 
	login VARCHAR(64), 
	passphrase VARCHAR(200), 
	data_key BLOB NOT NULL, 
	since VARCHAR(20) NOT NULL, 
	CONSTRAINT pk_person PRIMARY KEY (id), 
	CONSTRAINT uq_person_login UNIQUE (login)
);
INSERT INTO "person" VALUES('fb4af1fcef39d30d79f0004af9be88b9','admin','ed4f4718798344f3803586e1c2cd791211a3165af1e25a1fe9b870632b25c574',NULL,X'5C8DA059451BC2119F8886DA53C39D22EC805242BF9A89259EDBE2A3E025E0E9B4CA3DE3686BE0DE2843C2FE130B5C36E29DD03629452653DF00012B','2026-11-30T09:01:00Z');
INSERT INTO "person" VALUES('5362b0ac9ad9de323b826c99f8bd8cfc','trainee',NULL,'$argon2id$v=19$m=65536,t=3,p=4$fumVu8Yqdz2eRpfxM4suOQ$1L2FCn7yBdpqqi4gdw4BtqfU1Y75H2+0AnbsGc0bjug',X'1F59484CD5BFBD1B979D8F924ACFC87CA91A5D3E958114F9789D2A682518F069582AEB324993B7A2471D009FA5DBEEC471FE9E563920DBEF1D48861E','2026-11-30T09:02:00Z');
INSERT INTO "person" VALUES('4902d5464476ac0a0eafd03499bec8f3','admin',NULL,'$argon2id$v=19$m=65536,t=3,p=4$/Kd5ighvxf3jm34aMx8/1A$q96q8DuoWv9gICSGDhiy+rfqKj63JyhoNuHuihYA3uw',X'E5322DC75D3D31877E666A1D67792A6B0F6B6F2D7115E19812A5092E107A722B36F13905F7E3407DFD6047B344A02764C499723680FF4118E62635E4','2026-11-30T09:03:00Z');
INSERT INTO "person" VALUES('2a6e7d27de5c2503c69b876727f27ab6','instructor',NULL,'$argon2id$v=19$m=65536,t=3,p=4$fP/JasvbTpYbnSczmrlN1w$D64yy/0bZZYaxP+qBQtwI22RvvoHnDVTP5XXXjAZmkw',X'1BED699B0561E07734E273190F363BF76284A80DAB847D79BFB0B8E89313CEC00F8529E472A01E68D3978CC416D592FF57F3A7710423B988A4B0B152','2026-11-30T10:01:00Z');
CREATE TABLE score_line (
	session INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	id VARCHAR(200) NOT NULL, 
	title TEXT NOT NULL, 
	value DOUBLE, 
	unit VARCHAR(32) NOT NULL, 
	points DOUBLE NOT NULL, 
	out_of DOUBLE NOT NULL, 
	moment_s DOUBLE, 
	text TEXT NOT NULL, until_s DOUBLE, 
	CONSTRAINT pk_score_line PRIMARY KEY (session, position), 
	CONSTRAINT fk_score_line_session FOREIGN KEY(session) REFERENCES session (number)
);
INSERT INTO "score_line" VALUES(1,0,'found','nodules found',0.8125,'1',81.25,100.0,12.25,'nodules found: some',NULL);
CREATE TABLE session (
	number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	uid VARCHAR(32) NOT NULL, 
	person VARCHAR(32), 
	player VARCHAR(200) NOT NULL, 
	procedure VARCHAR(200) NOT NULL, 
	version VARCHAR(64), 
	seed TEXT NOT NULL, 
	device TEXT NOT NULL, 
	state VARCHAR(8) NOT NULL, 
	begun_at VARCHAR(20) NOT NULL, 
	ended_at VARCHAR(20), 
	outcome VARCHAR(16), 
	completed BOOLEAN, 
	passed BOOLEAN, 
	score DOUBLE, 
	pass_mark DOUBLE, 
	duration_s DOUBLE, 
	damaged TEXT, failed_by TEXT, 
	CONSTRAINT uq_session_uid UNIQUE (uid), 
	CONSTRAINT fk_session_person FOREIGN KEY(person) REFERENCES person (id)
);
INSERT INTO "session" VALUES(1,'355404ab2bd5732255abcb663c1d2c2d','5362b0ac9ad9de323b826c99f8bd8cfc','person','liver_palpation','1.2','7','','ended','2026-11-30T04:25:46Z','2026-11-30T04:25:46Z','passed',1,1,81.25,70.0,60.5,NULL,NULL);
INSERT INTO "session" VALUES(2,'b60754af680415f32e2646ea9b290cf5',NULL,'careful','liver_palpation',NULL,'3','hand','begun','2026-11-30T09:06:00Z',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
CREATE TABLE site (
	id INTEGER NOT NULL, 
	uid VARCHAR(32) NOT NULL, 
	key_id VARCHAR(16) NOT NULL, 
	audit_count INTEGER NOT NULL, 
	audit_hash VARCHAR(64) NOT NULL, 
	audit_mac VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_site PRIMARY KEY (id)
);
INSERT INTO "site" VALUES(1,'4dc001af174a3044f4ffa835cdaf901d','f35453cccf04756e',12,'719956985fc160bd93915c499765bc7d6fc98b226141bf3c9430cf387ef9d01d','caa71d39f2c7ec1ac01e6364db90ce5922b9da6cf08d7933463f2bf284f13841');
CREATE INDEX ix_session_person ON session (person);
CREATE INDEX ix_session_procedure ON session (procedure);
CREATE INDEX ix_overrule_session ON overrule (session);
CREATE INDEX ix_note_person ON note (person);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('session',2);
INSERT INTO "sqlite_sequence" VALUES('overrule',1);
INSERT INTO "sqlite_sequence" VALUES('note',1);
COMMIT;
