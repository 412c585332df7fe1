/*
 * probe - a headless, scriptable libpurple client for the SIPE protocol plugin
 *
 * Reads one JSON object per line on stdin (commands), writes one JSON object
 * per line on stdout (events and replies).  Everything libpurple and SIPE log,
 * raw SIP messages included, goes to stderr.  See README.md for the protocol.
 *
 * Three repairs are made to what Debian ships: see xmlSAXUserParseMemory(),
 * read() and purple_circ_buffer_mark_read() below.
 *
 * Safety: only loopback peers can be reached.  Name look-ups are answered from
 * --resolve NAME=ADDR entries (and "localhost") or refused; connect(), sendto()
 * and sendmsg() to anything that is not loopback are refused in this process
 * with ENETUNREACH and reported as a "blocked" event.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <netdb.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib.h>
#include <glib-unix.h>
#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <libxml/parser.h>
#include <circbuffer.h>
#include <purple.h>

#define UI_ID     "sipe-probe"
#define PRPL_ID   "prpl-sipe"
#define CHAT_COMPONENT_KEY "_conv"   /* key under which SIPE looks a chat's conversation up */

static GMainLoop     *loop;
static int            out_fd = 1;           /* the real stdout; fd 1 is redirected to stderr */
static gint64         t_start;
static PurpleAccount *account;
static gboolean       opt_sip_events;
static gboolean       opt_quiet_log;
static gboolean       opt_accept_certs = TRUE;
static gboolean       opt_answer_requests;  /* accept every question at once */
static gboolean       opt_stock_xml;        /* leave libxml2's SAX1 regression in */
static gboolean       opt_stock_read;       /* leave SIPE's stall on a full buffer in */
static gboolean       opt_stock_write;      /* leave libpurple's endless sending in */
static char          *opt_dir;
static char          *opt_local_ip;
static char          *opt_plugin;
static char         **opt_resolve;
static gboolean       own_dir;
static gboolean       quitting;

/* ------------------------------------------------------------------ JSON */

static void write_all(const char *buf, gsize len)
{
	while (len > 0) {
		gssize n = write(out_fd, buf, len);
		if (n < 0) {
			if (errno == EINTR || errno == EAGAIN) { g_usleep(1000); continue; }
			return;
		}
		buf += n;
		len -= n;
	}
}

static void write_object(JsonObject *obj)
{
	JsonNode *node = json_node_new(JSON_NODE_OBJECT);
	JsonGenerator *gen = json_generator_new();
	gsize len;
	char *text;

	json_node_set_object(node, obj);
	json_generator_set_root(gen, node);
	text = json_generator_to_data(gen, &len);
	write_all(text, len);
	write_all("\n", 1);
	g_free(text);
	g_object_unref(gen);
	json_node_free(node);
}

/* key, value string pairs up to a NULL key; NULL values are left out */
static void set_strings(JsonObject *obj, va_list ap)
{
	const char *key;

	while ((key = va_arg(ap, const char *)) != NULL) {
		const char *value = va_arg(ap, const char *);
		if (value) {
			char *valid = g_utf8_make_valid(value, -1);
			json_object_set_string_member(obj, key, valid);
			g_free(valid);
		}
	}
}

static void pump_commands(void);

static GQueue *history;      /* JsonObject *, every event so far (bounded) */
static guint64 seq;
static guint64 wait_cursor;  /* events up to here were already matched */

/* the wait-for in progress, if any */
static struct {
	gboolean    active;
	char       *id;
	char       *event;
	JsonObject *match;
	guint       timer;
} waiting;

static JsonObject *event_new(const char *name, ...)
{
	JsonObject *obj = json_object_new();
	va_list ap;

	json_object_set_string_member(obj, "event", name);
	va_start(ap, name);
	set_strings(obj, ap);
	va_end(ap);
	return obj;
}

static gboolean value_matches(JsonNode *want, JsonNode *have)
{
	if (!have)
		return FALSE;
	if (JSON_NODE_HOLDS_VALUE(want) && JSON_NODE_HOLDS_VALUE(have)) {
		if (json_node_get_value_type(want) == G_TYPE_STRING &&
		    json_node_get_value_type(have) == G_TYPE_STRING)
			return g_strcmp0(json_node_get_string(want), json_node_get_string(have)) == 0;
		return json_node_equal(want, have);
	}
	return json_node_equal(want, have);
}

static gboolean event_matches(JsonObject *ev)
{
	GList *members, *m;
	gboolean ok = TRUE;

	if (g_strcmp0(json_object_get_string_member(ev, "event"), waiting.event) != 0)
		return FALSE;
	if (!waiting.match)
		return TRUE;
	members = json_object_get_members(waiting.match);
	for (m = members; m && ok; m = m->next)
		ok = value_matches(json_object_get_member(waiting.match, m->data),
				   json_object_get_member(ev, m->data));
	g_list_free(members);
	return ok;
}

static void reply(const char *id, const char *error, JsonObject *extra)
{
	JsonObject *obj = extra ? extra : json_object_new();

	json_object_set_string_member(obj, "event", "reply");
	if (id)
		json_object_set_string_member(obj, "id", id);
	json_object_set_boolean_member(obj, "ok", error == NULL);
	if (error)
		json_object_set_string_member(obj, "error", error);
	write_object(obj);
	json_object_unref(obj);
}

static void wait_done(const char *error, JsonObject *matched)
{
	JsonObject *extra = json_object_new();

	if (matched)
		json_object_set_object_member(extra, "matched", json_object_ref(matched));
	reply(waiting.id, error, extra);
	waiting.active = FALSE;
	if (waiting.timer)
		g_source_remove(waiting.timer);
	waiting.timer = 0;
	g_clear_pointer(&waiting.id, g_free);
	g_clear_pointer(&waiting.event, g_free);
	g_clear_pointer(&waiting.match, json_object_unref);
}

static gboolean pump_later(gpointer unused)
{
	(void) unused;
	pump_commands();
	return FALSE;
}

static gboolean wait_timeout(gpointer unused)
{
	(void) unused;
	waiting.timer = 0;
	wait_done("timeout", NULL);
	g_idle_add(pump_later, NULL);
	return FALSE;
}

/* takes the reference */
static void emit(JsonObject *ev)
{
	seq++;
	json_object_set_int_member(ev, "seq", seq);
	json_object_set_int_member(ev, "ms", (g_get_monotonic_time() - t_start) / 1000);
	write_object(ev);
	g_queue_push_tail(history, ev);
	if (g_queue_get_length(history) > 5000)
		json_object_unref(g_queue_pop_head(history));
	if (waiting.active && event_matches(ev)) {
		wait_cursor = seq;
		wait_done(NULL, ev);
		g_idle_add(pump_later, NULL);
	}
}

/* ------------------------------------------- loopback only, and the source address */

static gboolean addr_is_loopback(const struct sockaddr *sa)
{
	if (sa->sa_family == AF_INET)
		return (ntohl(((const struct sockaddr_in *) sa)->sin_addr.s_addr) >> 24) == 127;
	if (sa->sa_family == AF_INET6) {
		const struct in6_addr *a = &((const struct sockaddr_in6 *) sa)->sin6_addr;
		if (IN6_IS_ADDR_V4MAPPED(a))
			return a->s6_addr[12] == 127;
		return IN6_IS_ADDR_LOOPBACK(a);
	}
	return TRUE;    /* AF_UNIX and the like */
}

static void report_blocked(const char *what, const struct sockaddr *sa)
{
	char text[INET6_ADDRSTRLEN] = "?";
	char port[16] = "";

	if (sa->sa_family == AF_INET) {
		inet_ntop(AF_INET, &((const struct sockaddr_in *) sa)->sin_addr, text, sizeof text);
		g_snprintf(port, sizeof port, "%d", ntohs(((const struct sockaddr_in *) sa)->sin_port));
	} else if (sa->sa_family == AF_INET6) {
		inet_ntop(AF_INET6, &((const struct sockaddr_in6 *) sa)->sin6_addr, text, sizeof text);
		g_snprintf(port, sizeof port, "%d", ntohs(((const struct sockaddr_in6 *) sa)->sin6_port));
	}
	if (history)
		emit(event_new("blocked", "what", what, "address", text, "port", port, NULL));
}

/* These three take the place of libc's for every library in this process. */
int connect(int fd, const struct sockaddr *sa, socklen_t len)
{
	static int (*real)(int, const struct sockaddr *, socklen_t);

	if (!real)
		real = (int (*)(int, const struct sockaddr *, socklen_t)) dlsym(RTLD_NEXT, "connect");
	if (sa && !addr_is_loopback(sa)) {
		report_blocked("connect", sa);
		errno = ENETUNREACH;
		return -1;
	}
	if (sa && sa->sa_family == AF_INET && opt_local_ip) {
		struct sockaddr_in local = { .sin_family = AF_INET };
		inet_pton(AF_INET, opt_local_ip, &local.sin_addr);
		bind(fd, (struct sockaddr *) &local, sizeof local);
	}
	return real(fd, sa, len);
}

ssize_t sendto(int fd, const void *buf, size_t n, int flags, const struct sockaddr *sa, socklen_t len)
{
	static ssize_t (*real)(int, const void *, size_t, int, const struct sockaddr *, socklen_t);

	if (!real)
		real = (ssize_t (*)(int, const void *, size_t, int, const struct sockaddr *, socklen_t))
			dlsym(RTLD_NEXT, "sendto");
	if (sa && !addr_is_loopback(sa)) {
		report_blocked("sendto", sa);
		errno = ENETUNREACH;
		return -1;
	}
	return real(fd, buf, n, flags, sa, len);
}

ssize_t sendmsg(int fd, const struct msghdr *msg, int flags)
{
	static ssize_t (*real)(int, const struct msghdr *, int);

	if (!real)
		real = (ssize_t (*)(int, const struct msghdr *, int)) dlsym(RTLD_NEXT, "sendmsg");
	if (msg && msg->msg_name && !addr_is_loopback(msg->msg_name)) {
		report_blocked("sendmsg", msg->msg_name);
		errno = ENETUNREACH;
		return -1;
	}
	return real(fd, msg, flags);
}

/*
 * libxml2 since the fix for CVE-2023-39615 (Debian bookworm: 2.9.14+dfsg-1.3~deb12u2)
 * no longer calls the SAX1 element callbacks of a handler that is marked
 * XML_SAX2_MAGIC.  SIPE 1.25.0 has just such a handler, so with the stock
 * packages every document a server sends parses to nothing, without an error.
 * Marking the handler as SAX1 gives SIPE the parser that it was written for.
 */
int xmlSAXUserParseMemory(xmlSAXHandlerPtr sax, void *user_data, const char *buffer, int size)
{
	static int (*real)(xmlSAXHandlerPtr, void *, const char *, int);
	xmlSAXHandler copy;

	if (!real)
		real = (int (*)(xmlSAXHandlerPtr, void *, const char *, int))
			dlsym(RTLD_NEXT, "xmlSAXUserParseMemory");
	if (!opt_stock_xml && sax && sax->initialized == XML_SAX2_MAGIC &&
	    !sax->startElementNs && !sax->endElementNs && (sax->startElement || sax->endElement)) {
		copy = *sax;
		copy.initialized = 1;
		sax = &copy;
	}
	return real(sax, user_data, buffer, size);
}

/*
 * Over TCP SIPE 1.25.0 reads until a read returns less than it asked for.  When
 * what is there ends just where its buffer ends, the next read says EAGAIN, and
 * SIPE goes to sleep without looking at what it has until the server happens to
 * send more.  A socket read that never fills the buffer keeps it out of that.
 */
ssize_t read(int fd, void *buf, size_t n)
{
	static ssize_t (*real)(int, void *, size_t);

	if (!real)
		real = (ssize_t (*)(int, void *, size_t)) dlsym(RTLD_NEXT, "read");
	if (!opt_stock_read && n > 1024) {
		struct sockaddr_storage sa;
		socklen_t len = sizeof sa;
		if (getsockname(fd, (struct sockaddr *) &sa, &len) == 0 &&
		    (sa.ss_family == AF_INET || sa.ss_family == AF_INET6))
			n--;
	}
	return real(fd, buf, n);
}

/*
 * When all that was sent ends just at the end of libpurple's circular buffer
 * (whose size is a multiple of 256), one of its two pointers wraps and the
 * other does not; the next message that makes it grow is then sent from the
 * wrong place, over and over.  An empty buffer starts at its start here.
 */
gboolean purple_circ_buffer_mark_read(PurpleCircBuffer *buf, gsize len)
{
	static gboolean (*real)(PurpleCircBuffer *, gsize);
	gboolean done;

	if (!real)
		real = (gboolean (*)(PurpleCircBuffer *, gsize)) dlsym(RTLD_NEXT, "purple_circ_buffer_mark_read");
	done = real(buf, len);
	if (done && !opt_stock_write && buf->bufused == 0)
		buf->inptr = buf->outptr = buf->buffer;
	return done;
}

/* Name look-ups.  libpurple wants the answer from the main loop, not at once. */
struct lookup {
	PurpleDnsQueryData             *query;
	PurpleDnsQueryResolvedCallback  resolved;
	PurpleDnsQueryFailedCallback    failed;
	guint                           source;
};

static GHashTable *lookups;    /* query -> struct lookup */

static char *resolve_name(const char *host)
{
	struct in_addr a4;
	struct in6_addr a6;
	char **p;

	if (inet_pton(AF_INET, host, &a4) == 1 || inet_pton(AF_INET6, host, &a6) == 1)
		return g_strdup(host);
	for (p = opt_resolve; p && *p; p++) {
		char *eq = strchr(*p, '=');
		if (eq && strlen(host) == (gsize) (eq - *p) &&
		    g_ascii_strncasecmp(*p, host, eq - *p) == 0)
			return g_strdup(eq + 1);
	}
	if (g_ascii_strcasecmp(host, "localhost") == 0)
		return g_strdup("127.0.0.1");
	return NULL;
}

static gboolean lookup_answer(gpointer data)
{
	struct lookup *l = data;
	const char *host = purple_dnsquery_get_host(l->query);
	unsigned short port = purple_dnsquery_get_port(l->query);
	char *addr = resolve_name(host);

	l->source = 0;
	if (!addr) {
		char *text = g_strdup_printf("no loopback address known for '%s'", host);
		emit(event_new("blocked", "what", "lookup", "address", host, NULL));
		l->failed(l->query, text);
		g_free(text);
	} else {
		GSList *hosts = NULL;
		struct sockaddr_in *v4 = g_new0(struct sockaddr_in, 1);
		struct sockaddr_in6 *v6 = g_new0(struct sockaddr_in6, 1);

		if (inet_pton(AF_INET, addr, &v4->sin_addr) == 1) {
			v4->sin_family = AF_INET;
			v4->sin_port = htons(port);
			hosts = g_slist_append(hosts, GINT_TO_POINTER(sizeof *v4));
			hosts = g_slist_append(hosts, v4);
			g_free(v6);
		} else {
			inet_pton(AF_INET6, addr, &v6->sin6_addr);
			v6->sin6_family = AF_INET6;
			v6->sin6_port = htons(port);
			hosts = g_slist_append(hosts, GINT_TO_POINTER(sizeof *v6));
			hosts = g_slist_append(hosts, v6);
			g_free(v4);
		}
		g_free(addr);
		l->resolved(l->query, hosts);
	}
	return FALSE;
}

static gboolean dns_resolve(PurpleDnsQueryData *q, PurpleDnsQueryResolvedCallback ok,
			    PurpleDnsQueryFailedCallback bad)
{
	struct lookup *l = g_new0(struct lookup, 1);

	l->query = q;
	l->resolved = ok;
	l->failed = bad;
	l->source = g_idle_add(lookup_answer, l);
	g_hash_table_insert(lookups, q, l);
	return TRUE;
}

static void dns_destroy(PurpleDnsQueryData *q)
{
	struct lookup *l = g_hash_table_lookup(lookups, q);

	if (l) {
		g_hash_table_remove(lookups, q);
		if (l->source)
			g_source_remove(l->source);
		g_free(l);
	}
}

static PurpleDnsQueryUiOps dns_ops = { .resolve_host = dns_resolve, .destroy = dns_destroy };

struct srv_lookup {
	PurpleSrvTxtQueryData           *query;
	PurpleSrvTxtQueryFailedCallback  failed;
	guint                            source;
};

static gboolean srv_answer(gpointer data)
{
	struct srv_lookup *l = data;

	l->source = 0;
	emit(event_new("blocked", "what", "srv", "address", purple_srv_txt_query_get_query(l->query), NULL));
	l->failed(l->query, "SRV look-ups are off");
	return FALSE;
}

static gboolean srv_resolve(PurpleSrvTxtQueryData *q, PurpleSrvTxtQueryResolvedCallback ok,
			    PurpleSrvTxtQueryFailedCallback bad)
{
	struct srv_lookup *l = g_new0(struct srv_lookup, 1);

	(void) ok;
	l->query = q;
	l->failed = bad;
	l->source = g_idle_add(srv_answer, l);
	g_hash_table_insert(lookups, q, l);
	return TRUE;
}

static void srv_destroy(PurpleSrvTxtQueryData *q)
{
	struct srv_lookup *l = g_hash_table_lookup(lookups, q);

	if (l) {
		g_hash_table_remove(lookups, q);
		if (l->source)
			g_source_remove(l->source);
		g_free(l);
	}
}

static PurpleSrvTxtQueryUiOps srv_ops = { .resolve = srv_resolve, .destroy = srv_destroy };

/* ---------------------------------------------------------- event loop ops */

struct io_watch {
	PurpleInputFunction func;
	gpointer            data;
};

static gboolean io_fire(GIOChannel *ch, GIOCondition cond, gpointer data)
{
	struct io_watch *w = data;
	int what = 0;

	if (cond & (G_IO_IN | G_IO_HUP | G_IO_ERR))
		what |= PURPLE_INPUT_READ;
	if (cond & (G_IO_OUT | G_IO_HUP | G_IO_ERR | G_IO_NVAL))
		what |= PURPLE_INPUT_WRITE;
	w->func(w->data, g_io_channel_unix_get_fd(ch), what);
	return TRUE;
}

static guint io_add(int fd, PurpleInputCondition cond, PurpleInputFunction func, gpointer data)
{
	struct io_watch *w = g_new0(struct io_watch, 1);
	GIOChannel *ch = g_io_channel_unix_new(fd);
	int want = 0;
	guint id;

	w->func = func;
	w->data = data;
	if (cond & PURPLE_INPUT_READ)
		want |= G_IO_IN | G_IO_HUP | G_IO_ERR;
	if (cond & PURPLE_INPUT_WRITE)
		want |= G_IO_OUT | G_IO_HUP | G_IO_ERR | G_IO_NVAL;
	id = g_io_add_watch_full(ch, G_PRIORITY_DEFAULT, want, io_fire, w, g_free);
	g_io_channel_unref(ch);
	return id;
}

static PurpleEventLoopUiOps loop_ops = {
	.timeout_add         = g_timeout_add,
	.timeout_remove      = g_source_remove,
	.input_add           = io_add,
	.input_remove        = g_source_remove,
	.timeout_add_seconds = g_timeout_add_seconds,
};

/* ---------------------------------------------------------------- debug ops */

/*
 * SIPE hands every SIP message it sends or receives to the debug log between
 * "MESSAGE START" and "MESSAGE END" lines.
 */
static void sip_event(const char *text)
{
	const char *start = strstr(text, "MESSAGE START ");
	const char *body, *end, *nl;
	gboolean out;
	char *msg, *first;
	JsonObject *ev;

	if (!start)
		return;
	out = strstr(start, ">>>>>>>>>> SIP") != NULL;
	if (!out && !strstr(start, "<<<<<<<<<< SIP"))
		return;
	nl = strchr(start, '\n');
	end = nl ? strstr(nl, "MESSAGE END ") : NULL;
	if (!nl || !end)
		return;
	body = nl + 1;
	msg = g_strndup(body, end - body);
	nl = strchr(msg, '\n');
	first = nl ? g_strndup(msg, nl - msg) : g_strdup(msg);
	ev = event_new("sip", "dir", out ? "out" : "in", "first", first, "message", msg, NULL);
	emit(ev);
	g_free(first);
	g_free(msg);
}

static void debug_print(PurpleDebugLevel level, const char *category, const char *text)
{
	static const char mark[] = "We have received invitation to Conference. Focus URI=";
	const char *hit;

	if (!opt_quiet_log) {
		static const char *names[] = { "all", "misc", "info", "warning", "error", "fatal" };
		fprintf(stderr, "%9.3f [%s] %s: %s", (g_get_monotonic_time() - t_start) / 1e6,
			level <= PURPLE_DEBUG_FATAL ? names[level] : "?", category ? category : "", text);
		if (!g_str_has_suffix(text, "\n"))
			fputc('\n', stderr);
	}
	if (g_strcmp0(category, "sipe") != 0)
		return;
	/* SIPE joins a text conference without asking: the log is the only trace */
	hit = strstr(text, mark);
	if (hit) {
		char *uri = g_strstrip(g_strdup(hit + sizeof mark - 1));
		emit(event_new("chat-invited", "focus", uri, NULL));
		g_free(uri);
	}
	if (opt_sip_events)
		sip_event(text);
}

static gboolean debug_enabled(PurpleDebugLevel level, const char *category)
{
	(void) level;
	(void) category;
	return TRUE;
}

static PurpleDebugUiOps debug_ops = { .print = debug_print, .is_enabled = debug_enabled };

/* ----------------------------------------------------------- connection ops */

static const char *error_name(PurpleConnectionError reason)
{
	static const char *names[] = {
		"network-error", "invalid-username", "authentication-failed",
		"authentication-impossible", "no-ssl-support", "encryption-error",
		"name-in-use", "invalid-settings", "cert-not-provided", "cert-untrusted",
		"cert-expired", "cert-not-activated", "cert-hostname-mismatch",
		"cert-fingerprint-mismatch", "cert-self-signed", "cert-other-error", "other-error"
	};
	return (guint) reason < G_N_ELEMENTS(names) ? names[reason] : "unknown";
}

static void conn_progress(PurpleConnection *gc, const char *text, size_t step, size_t count)
{
	(void) gc; (void) step; (void) count;
	emit(event_new("connecting", "text", text, NULL));
}

static void conn_error(PurpleConnection *gc, PurpleConnectionError reason, const char *text)
{
	(void) gc;
	emit(event_new("connection-error", "reason", error_name(reason), "text", text, NULL));
}

static PurpleConnectionUiOps conn_ops = {
	.connect_progress         = conn_progress,
	.report_disconnect_reason = conn_error,
};

/* -------------------------------------------------------------- account ops */

static void account_added(PurpleAccount *a, const char *who, const char *id, const char *alias, const char *msg)
{
	(void) a; (void) id; (void) msg;
	emit(event_new("added-by", "name", who, "alias", alias, NULL));
}

static void account_request_add(PurpleAccount *a, const char *who, const char *id, const char *alias, const char *msg)
{
	account_added(a, who, id, alias, msg);
}

static void *account_authorize(PurpleAccount *a, const char *who, const char *id, const char *alias,
			       const char *msg, gboolean on_list,
			       PurpleAccountRequestAuthorizationCb yes, PurpleAccountRequestAuthorizationCb no,
			       void *data)
{
	(void) a; (void) id; (void) on_list; (void) no;
	emit(event_new("authorize-request", "name", who, "alias", alias, "text", msg, NULL));
	yes(data);
	return NULL;
}

static PurpleAccountUiOps account_ops = {
	.notify_added      = account_added,
	.request_add       = account_request_add,
	.request_authorize = account_authorize,
};

/* --------------------------------------------------------------- notify ops */

static void *notify_message(PurpleNotifyMsgType type, const char *title, const char *primary, const char *secondary)
{
	static const char *kinds[] = { "error", "warning", "info" };
	emit(event_new("notify", "kind", (guint) type < 3 ? kinds[type] : "other", "title", title,
		       "primary", primary, "secondary", secondary, NULL));
	return NULL;
}

static void *notify_formatted(const char *title, const char *primary, const char *secondary, const char *text)
{
	emit(event_new("notify", "kind", "formatted", "title", title, "primary", primary,
		       "secondary", secondary, "text", text, NULL));
	return NULL;
}

static void *notify_userinfo(PurpleConnection *gc, const char *who, PurpleNotifyUserInfo *info)
{
	char *html = purple_notify_user_info_get_text_with_newline(info, "\n");
	char *text = purple_markup_strip_html(html);

	(void) gc;
	emit(event_new("userinfo", "name", who, "text", text, NULL));
	g_free(text);
	g_free(html);
	return NULL;
}

static void *notify_search(PurpleConnection *gc, const char *title, const char *primary, const char *secondary,
			   PurpleNotifySearchResults *results, gpointer data)
{
	JsonObject *ev = event_new("search-results", "title", title, "primary", primary, NULL);
	JsonArray *rows = json_array_new();
	GList *r, *c;

	(void) gc; (void) secondary; (void) data;
	for (r = results->rows; r; r = r->next) {
		JsonArray *row = json_array_new();
		for (c = r->data; c; c = c->next)
			json_array_add_string_element(row, c->data ? c->data : "");
		json_array_add_array_element(rows, row);
	}
	json_object_set_array_member(ev, "rows", rows);
	emit(ev);
	return NULL;
}

static PurpleNotifyUiOps notify_ops = {
	.notify_message       = notify_message,
	.notify_formatted     = notify_formatted,
	.notify_userinfo      = notify_userinfo,
	.notify_searchresults = notify_search,
};

/* -------------------------------------------------------------- request ops */

struct request {
	guint                id;
	PurpleRequestType    type;
	gpointer             data;
	/* action */
	GPtrArray           *labels;
	GPtrArray           *callbacks;
	/* fields and input */
	PurpleRequestFields *fields;
	GCallback            ok, cancel;
};

static GHashTable *requests;   /* id -> struct request */
static guint       request_id;

static struct request *request_new(PurpleRequestType type, gpointer data)
{
	struct request *r = g_new0(struct request, 1);

	r->id = ++request_id;
	r->type = type;
	r->data = data;
	r->labels = g_ptr_array_new_with_free_func(g_free);
	r->callbacks = g_ptr_array_new();
	g_hash_table_insert(requests, GUINT_TO_POINTER(r->id), r);
	return r;
}

static void request_close(PurpleRequestType type, void *handle)
{
	struct request *r = handle;

	(void) type;
	if (!r || g_hash_table_lookup(requests, GUINT_TO_POINTER(r->id)) != r)
		return;
	g_hash_table_remove(requests, GUINT_TO_POINTER(r->id));
	emit(event_new("request-closed", NULL));
	g_ptr_array_free(r->labels, TRUE);
	g_ptr_array_free(r->callbacks, TRUE);
	g_free(r);
}

static void request_answer_action(struct request *r, guint choice)
{
	PurpleRequestActionCb cb = NULL;

	if (choice < r->callbacks->len)
		cb = (PurpleRequestActionCb) g_ptr_array_index(r->callbacks, choice);
	if (cb)
		cb(r->data, choice);
	purple_request_close(r->type, r);
}

static gboolean auto_answer(gpointer data)
{
	struct request *r = g_hash_table_lookup(requests, data);

	if (r)
		request_answer_action(r, 0);
	return FALSE;
}

static void *request_action(const char *title, const char *primary, const char *secondary, int dflt,
			    PurpleAccount *a, const char *who, PurpleConversation *conv, void *data,
			    size_t count, va_list actions)
{
	struct request *r = request_new(PURPLE_REQUEST_ACTION, data);
	JsonObject *ev = event_new("request", "kind", "action", "title", title, "primary", primary,
				   "secondary", secondary, "who", who, NULL);
	JsonArray *labels = json_array_new();
	gboolean cert = title && strstr(title, "Certificate") != NULL;

	(void) dflt; (void) a; (void) conv;
	while (count--) {
		const char *label = va_arg(actions, const char *);
		PurpleRequestActionCb cb = va_arg(actions, PurpleRequestActionCb);
		g_ptr_array_add(r->labels, g_strdup(label));
		g_ptr_array_add(r->callbacks, (gpointer) cb);
		json_array_add_string_element(labels, label ? label : "");
	}
	json_object_set_int_member(ev, "request", r->id);
	json_object_set_array_member(ev, "actions", labels);
	emit(ev);
	if (primary && strstr(primary, "invite you to a conference call"))
		emit(event_new("chat-invited", "question", primary, NULL));
	if (opt_answer_requests || (cert && opt_accept_certs))
		g_idle_add(auto_answer, GUINT_TO_POINTER(r->id));
	return r;
}

static void *request_action_icon(const char *title, const char *primary, const char *secondary, int dflt,
				 PurpleAccount *a, const char *who, PurpleConversation *conv,
				 gconstpointer icon, gsize icon_size, void *data, size_t count, va_list actions)
{
	(void) icon; (void) icon_size;
	return request_action(title, primary, secondary, dflt, a, who, conv, data, count, actions);
}

static void *request_fields(const char *title, const char *primary, const char *secondary,
			    PurpleRequestFields *fields, const char *ok_text, GCallback ok,
			    const char *cancel_text, GCallback cancel, PurpleAccount *a, const char *who,
			    PurpleConversation *conv, void *data)
{
	struct request *r = request_new(PURPLE_REQUEST_FIELDS, data);
	JsonObject *ev = event_new("request", "kind", "fields", "title", title, "primary", primary,
				   "secondary", secondary, "ok", ok_text, "cancel", cancel_text, "who", who, NULL);
	JsonArray *names = json_array_new();
	GList *g, *f;

	(void) a; (void) conv;
	r->fields = fields;
	r->ok = ok;
	r->cancel = cancel;
	for (g = purple_request_fields_get_groups(fields); g; g = g->next)
		for (f = purple_request_field_group_get_fields(g->data); f; f = f->next)
			json_array_add_string_element(names, purple_request_field_get_id(f->data));
	json_object_set_int_member(ev, "request", r->id);
	json_object_set_array_member(ev, "fields", names);
	emit(ev);
	return r;
}

static void *request_input(const char *title, const char *primary, const char *secondary, const char *dflt,
			   gboolean multiline, gboolean masked, gchar *hint, const char *ok_text, GCallback ok,
			   const char *cancel_text, GCallback cancel, PurpleAccount *a, const char *who,
			   PurpleConversation *conv, void *data)
{
	struct request *r = request_new(PURPLE_REQUEST_INPUT, data);
	JsonObject *ev = event_new("request", "kind", "input", "title", title, "primary", primary,
				   "secondary", secondary, "default", dflt, "who", who, NULL);

	(void) multiline; (void) masked; (void) hint; (void) ok_text; (void) cancel_text; (void) a; (void) conv;
	r->ok = ok;
	r->cancel = cancel;
	json_object_set_int_member(ev, "request", r->id);
	emit(ev);
	return r;
}

static PurpleRequestUiOps request_ops = {
	.request_input            = request_input,
	.request_action           = request_action,
	.request_fields           = request_fields,
	.request_action_with_icon = request_action_icon,
	.close_request            = request_close,
};

/* --------------------------------------------------------- conversation ops */

static void conv_write(PurpleConversation *conv, const char *name, const char *alias, const char *message,
		       PurpleMessageFlags flags, time_t mtime)
{
	(void) name; (void) alias; (void) mtime;
	if (flags & (PURPLE_MESSAGE_ERROR | PURPLE_MESSAGE_SYSTEM)) {
		char *text = purple_markup_strip_html(message);
		emit(event_new("notice", "kind", flags & PURPLE_MESSAGE_ERROR ? "error" : "system",
			       "conversation", purple_conversation_get_name(conv), "text", text, NULL));
		g_free(text);
	}
}

static PurpleConversationUiOps conv_ops = { .write_conv = conv_write };

/* ------------------------------------------------------------------ signals */

static int sig_handle;

static const char *conv_name(PurpleConversation *conv)
{
	return purple_conversation_get_name(conv);
}

static PurpleConversation *chat_by_name(const char *name)
{
	GList *l;

	if (!name)   /* the newest one */
		return purple_get_chats() ? purple_get_chats()->data : NULL;
	for (l = purple_get_chats(); l; l = l->next)
		if (g_strcmp0(purple_conversation_get_name(l->data), name) == 0)
			return l->data;
	return NULL;
}

static void set_status_members(JsonObject *obj, PurplePresence *presence)
{
	PurpleStatus *status = purple_presence_get_active_status(presence);
	const char *message = status ? purple_status_get_attr_string(status, "message") : NULL;

	if (status) {
		json_object_set_string_member(obj, "status", purple_status_get_id(status));
		json_object_set_string_member(obj, "primitive",
			purple_primitive_get_id_from_type(purple_status_type_get_primitive(purple_status_get_type(status))));
	}
	if (message)
		json_object_set_string_member(obj, "message", message);
	json_object_set_boolean_member(obj, "online", purple_presence_is_online(presence));
	json_object_set_boolean_member(obj, "idle", purple_presence_is_idle(presence));
}

static JsonObject *buddy_object(PurpleBuddy *buddy)
{
	JsonObject *obj = json_object_new();
	PurpleGroup *group = purple_buddy_get_group(buddy);
	const char *alias = purple_buddy_get_local_buddy_alias(buddy);
	const char *server_alias = purple_buddy_get_server_alias(buddy);

	json_object_set_string_member(obj, "name", purple_buddy_get_name(buddy));
	if (alias)
		json_object_set_string_member(obj, "alias", alias);
	if (server_alias)
		json_object_set_string_member(obj, "server_alias", server_alias);
	if (group)
		json_object_set_string_member(obj, "group", purple_group_get_name(group));
	set_status_members(obj, purple_buddy_get_presence(buddy));
	if (purple_account_is_connected(account)) {
		PurplePluginProtocolInfo *info = PURPLE_PLUGIN_PROTOCOL_INFO(purple_find_prpl(PRPL_ID));
		char *text = info->status_text ? info->status_text(buddy) : NULL;
		if (text)
			json_object_set_string_member(obj, "status_text", text);
		g_free(text);
	}
	return obj;
}

static void on_signed_on(PurpleConnection *gc)
{
	emit(event_new("signed-on", "user", purple_account_get_username(purple_connection_get_account(gc)), NULL));
}

static void on_signed_off(PurpleConnection *gc)
{
	emit(event_new("signed-off", "user", purple_account_get_username(purple_connection_get_account(gc)), NULL));
}

static void buddy_event(const char *name, PurpleBuddy *buddy)
{
	JsonObject *ev = buddy_object(buddy);

	json_object_set_string_member(ev, "event", name);
	emit(ev);
}

static void on_buddy_status(PurpleBuddy *buddy, PurpleStatus *was, PurpleStatus *now)
{
	JsonObject *ev = buddy_object(buddy);

	(void) now;
	json_object_set_string_member(ev, "event", "buddy-status");
	json_object_set_string_member(ev, "was", purple_status_get_id(was));
	emit(ev);
}

static void on_buddy_idle(PurpleBuddy *buddy, gboolean was, gboolean now)
{
	(void) was; (void) now;
	buddy_event("buddy-idle", buddy);
}

static void on_buddy_added(PurpleBuddy *buddy)   { buddy_event("buddy-added", buddy); }
static void on_buddy_removed(PurpleBuddy *buddy) { buddy_event("buddy-removed", buddy); }

static void on_im(PurpleAccount *a, const char *from, const char *html, PurpleConversation *conv, int flags)
{
	char *text = purple_markup_strip_html(html);

	(void) a; (void) conv; (void) flags;
	emit(event_new("im-received", "from", from, "text", text, "html", html, NULL));
	g_free(text);
}

static void on_chat_msg(PurpleAccount *a, const char *from, const char *html, PurpleConversation *conv, int flags)
{
	char *text = purple_markup_strip_html(html);
	JsonObject *ev = event_new("chat-message", "chat", conv ? conv_name(conv) : NULL, "from", from,
				   "text", text, "html", html, NULL);
	PurpleConvChat *chat = conv ? PURPLE_CONV_CHAT(conv) : NULL;

	(void) a; (void) flags;
	json_object_set_boolean_member(ev, "self",
		chat && g_strcmp0(purple_conv_chat_get_nick(chat), from) == 0);
	emit(ev);
	g_free(text);
}

static void on_typing(PurpleAccount *a, const char *who)
{
	(void) a;
	emit(event_new("typing", "from", who, "state", "typing", NULL));
}

static void on_typed(PurpleAccount *a, const char *who)
{
	(void) a;
	emit(event_new("typing", "from", who, "state", "typed", NULL));
}

static void on_typing_stopped(PurpleAccount *a, const char *who)
{
	(void) a;
	emit(event_new("typing", "from", who, "state", "stopped", NULL));
}

static JsonArray *roster_array(PurpleConversation *conv)
{
	JsonArray *arr = json_array_new();
	GList *l;

	for (l = purple_conv_chat_get_users(PURPLE_CONV_CHAT(conv)); l; l = l->next) {
		PurpleConvChatBuddy *cb = l->data;
		JsonObject *o = json_object_new();
		json_object_set_string_member(o, "name", cb->name);
		json_object_set_boolean_member(o, "leader", (cb->flags & PURPLE_CBFLAGS_OP) != 0);
		json_array_add_object_element(arr, o);
	}
	return arr;
}

/*
 * libpurple tells of each user while it still walks its list, so the list is
 * looked at later, from the main loop, and once for several changes.
 */
static GSList *rosters_due;      /* names of chats */

static gboolean emit_rosters(gpointer unused)
{
	GSList *due = rosters_due, *l;

	(void) unused;
	rosters_due = NULL;
	for (l = due; l; l = l->next) {
		PurpleConversation *conv = chat_by_name(l->data);
		if (conv) {
			JsonObject *ev = event_new("chat-roster", "chat", conv_name(conv), NULL);
			JsonArray *users = roster_array(conv);
			json_object_set_int_member(ev, "count", json_array_get_length(users));
			json_object_set_array_member(ev, "users", users);
			emit(ev);
		}
	}
	g_slist_free_full(due, g_free);
	return FALSE;
}

static void emit_roster(PurpleConversation *conv, const char *change, const char *who)
{
	emit(event_new("chat-user", "chat", conv_name(conv), "change", change, "who", who, NULL));
	if (!g_slist_find_custom(rosters_due, conv_name(conv), (GCompareFunc) g_strcmp0)) {
		if (!rosters_due)
			g_idle_add(emit_rosters, NULL);
		rosters_due = g_slist_append(rosters_due, g_strdup(conv_name(conv)));
	}
}

static void on_chat_joined(PurpleConversation *conv)
{
	emit(event_new("chat-joined", "chat", conv_name(conv), NULL));
}

static void on_chat_left(PurpleConversation *conv)
{
	emit(event_new("chat-left", "chat", conv_name(conv), NULL));
}

static void on_chat_user_joined(PurpleConversation *conv, const char *who, PurpleConvChatBuddyFlags flags, gboolean fresh)
{
	(void) flags; (void) fresh;
	emit_roster(conv, "joined", who);
}

static void on_chat_user_left(PurpleConversation *conv, const char *who, const char *why)
{
	(void) why;
	emit_roster(conv, "left", who);
}

static void on_chat_user_flags(PurpleConversation *conv, const char *who, PurpleConvChatBuddyFlags was,
			       PurpleConvChatBuddyFlags now)
{
	if (was != now)
		emit_roster(conv, "flags", who);
}

static void on_chat_topic(PurpleConversation *conv, const char *who, const char *topic)
{
	(void) who;
	emit(event_new("chat-topic", "chat", conv_name(conv), "topic", topic, NULL));
}

static void on_chat_invited(PurpleAccount *a, const char *who, const char *chat, const char *msg, GHashTable *components)
{
	(void) a; (void) components;
	emit(event_new("chat-invited", "from", who, "chat", chat, "text", msg, NULL));
}

static void connect_signals(void)
{
	void *blist = purple_blist_get_handle();
	void *conv = purple_conversations_get_handle();
	void *conn = purple_connections_get_handle();

#define ON(handle, name, func) purple_signal_connect(handle, name, &sig_handle, PURPLE_CALLBACK(func), NULL)
	ON(conn,  "signed-on",            on_signed_on);
	ON(conn,  "signed-off",           on_signed_off);
	ON(blist, "buddy-status-changed", on_buddy_status);
	ON(blist, "buddy-idle-changed",   on_buddy_idle);
	ON(blist, "buddy-added",          on_buddy_added);
	ON(blist, "buddy-removed",        on_buddy_removed);
	ON(conv,  "received-im-msg",      on_im);
	ON(conv,  "received-chat-msg",    on_chat_msg);
	ON(conv,  "buddy-typing",         on_typing);
	ON(conv,  "buddy-typed",          on_typed);
	ON(conv,  "buddy-typing-stopped", on_typing_stopped);
	ON(conv,  "chat-joined",          on_chat_joined);
	ON(conv,  "chat-left",            on_chat_left);
	ON(conv,  "chat-buddy-joined",    on_chat_user_joined);
	ON(conv,  "chat-buddy-left",      on_chat_user_left);
	ON(conv,  "chat-buddy-flags",     on_chat_user_flags);
	ON(conv,  "chat-topic-changed",   on_chat_topic);
	ON(conv,  "chat-invited",         on_chat_invited);
#undef ON
}

/* ----------------------------------------------------------------- commands */

static const char *arg(JsonObject *cmd, const char *key)
{
	JsonNode *node = json_object_get_member(cmd, key);

	if (!node || !JSON_NODE_HOLDS_VALUE(node) || json_node_get_value_type(node) != G_TYPE_STRING)
		return NULL;
	return json_node_get_string(node);
}

static double arg_number(JsonObject *cmd, const char *key, double dflt)
{
	JsonNode *node = json_object_get_member(cmd, key);

	if (!node || !JSON_NODE_HOLDS_VALUE(node))
		return dflt;
	return json_node_get_value_type(node) == G_TYPE_INT64 ? (double) json_node_get_int(node)
	     : json_node_get_value_type(node) == G_TYPE_DOUBLE ? json_node_get_double(node) : dflt;
}

static char *with_scheme(const char *name)
{
	char *lower = g_ascii_strdown(name, -1);
	char *uri = g_str_has_prefix(lower, "sip:") ? g_strdup(lower) : g_strconcat("sip:", lower, NULL);

	g_free(lower);
	return uri;
}

static PurpleConversation *im_with(const char *who, gboolean create)
{
	PurpleConversation *conv = purple_find_conversation_with_account(PURPLE_CONV_TYPE_IM, who, account);

	return conv || !create ? conv : purple_conversation_new(PURPLE_CONV_TYPE_IM, account, who);
}

static const char *cmd_signin(JsonObject *c, JsonObject **out)
{
	const char *user = arg(c, "user"), *server = arg(c, "server"), *login = arg(c, "login");
	const char *transport = arg(c, "transport"), *auth = arg(c, "auth"), *status = arg(c, "status");
	char *name;

	(void) out;
	if (!user || !arg(c, "password"))
		return "signin needs user and password";
	if (account && !purple_account_is_disconnected(account))
		return "already signed in";
	if (g_str_has_prefix(user, "sip:"))
		user += 4;
	name = login ? g_strdup_printf("%s,%s", user, login) : g_strdup_printf("%s,", user);
	if (account && g_strcmp0(purple_account_get_username(account), name) != 0) {
		purple_accounts_delete(account);
		account = NULL;
	}
	if (!account) {
		account = purple_account_new(name, PRPL_ID);
		purple_accounts_add(account);
	}
	g_free(name);
	purple_account_set_password(account, arg(c, "password"));
	purple_account_set_remember_password(account, TRUE);
	purple_account_set_string(account, "server", server ? server : "");
	purple_account_set_string(account, "transport", transport ? transport : "auto");
	purple_account_set_string(account, "authentication", auth ? auth : "ntlm");
	purple_account_set_bool(account, "dont-publish", TRUE);   /* no calendar: it would go looking for Exchange */
	if (json_object_has_member(c, "options")) {
		JsonObject *o = json_object_get_object_member(c, "options");
		GList *keys = json_object_get_members(o), *k;
		for (k = keys; k; k = k->next) {
			JsonNode *v = json_object_get_member(o, k->data);
			if (json_node_get_value_type(v) == G_TYPE_BOOLEAN)
				purple_account_set_bool(account, k->data, json_node_get_boolean(v));
			else if (json_node_get_value_type(v) == G_TYPE_INT64)
				purple_account_set_int(account, k->data, json_node_get_int(v));
			else
				purple_account_set_string(account, k->data, json_node_get_string(v));
		}
		g_list_free(keys);
	}
	purple_account_set_status(account, status ? status : "available", TRUE, NULL);
	if (!purple_account_get_enabled(account, UI_ID))
		purple_account_set_enabled(account, UI_ID, TRUE);
	if (purple_account_is_disconnected(account))
		purple_account_connect(account);
	return NULL;
}

static const char *cmd_signout(JsonObject *c, JsonObject **out)
{
	(void) c; (void) out;
	if (!account || purple_account_is_disconnected(account))
		return "not signed in";
	purple_account_set_enabled(account, UI_ID, FALSE);
	if (!purple_account_is_disconnected(account))
		purple_account_disconnect(account);
	return NULL;
}

static const char *need_connection(void)
{
	return account && purple_account_is_connected(account) ? NULL : "not signed in";
}

static const char *cmd_add_buddy(JsonObject *c, JsonObject **out)
{
	const char *name = arg(c, "name"), *alias = arg(c, "alias"), *group = arg(c, "group");
	PurpleGroup *g;
	PurpleBuddy *b;
	char *uri;

	(void) out;
	if (!name)
		return "add-buddy needs name";
	uri = with_scheme(name);
	g = purple_find_group(group ? group : "Buddies");
	if (!g) {
		g = purple_group_new(group ? group : "Buddies");
		purple_blist_add_group(g, NULL);
	}
	b = purple_buddy_new(account, uri, alias);
	purple_blist_add_buddy(b, NULL, g, NULL);
	purple_account_add_buddy(account, b);
	g_free(uri);
	return NULL;
}

static const char *cmd_remove_buddy(JsonObject *c, JsonObject **out)
{
	const char *name = arg(c, "name");
	char *uri;
	GSList *all, *l;

	(void) out;
	if (!name)
		return "remove-buddy needs name";
	uri = with_scheme(name);
	all = purple_find_buddies(account, uri);
	g_free(uri);
	if (!all)
		return "no such buddy";
	for (l = all; l; l = l->next) {
		PurpleBuddy *b = l->data;
		purple_account_remove_buddy(account, b, purple_buddy_get_group(b));
		purple_blist_remove_buddy(b);
	}
	g_slist_free(all);
	return NULL;
}

static const char *cmd_remove_group(JsonObject *c, JsonObject **out)
{
	PurpleGroup *group = arg(c, "group") ? purple_find_group(arg(c, "group")) : NULL;

	(void) out;
	if (!group)
		return "no such group";
	purple_account_remove_group(account, group);
	purple_blist_remove_group(group);
	return NULL;
}

static const char *cmd_list_buddies(JsonObject *c, JsonObject **out)
{
	GSList *all = purple_find_buddies(account, NULL), *l;
	JsonArray *arr = json_array_new();
	JsonArray *groups = json_array_new();
	PurpleBlistNode *n;

	(void) c;
	for (l = all; l; l = l->next)
		json_array_add_object_element(arr, buddy_object(l->data));
	g_slist_free(all);
	for (n = purple_blist_get_root(); n; n = n->next)
		if (PURPLE_BLIST_NODE_IS_GROUP(n))
			json_array_add_string_element(groups, purple_group_get_name((PurpleGroup *) n));
	*out = json_object_new();
	json_object_set_array_member(*out, "buddies", arr);
	json_object_set_array_member(*out, "groups", groups);
	return NULL;
}

static const char *cmd_get_status(JsonObject *c, JsonObject **out)
{
	const char *name = arg(c, "name");
	PurpleBuddy *b;
	char *uri;

	if (!name) {      /* own */
		*out = json_object_new();
		set_status_members(*out, purple_account_get_presence(account));
		return NULL;
	}
	uri = with_scheme(name);
	b = purple_find_buddy(account, uri);
	g_free(uri);
	if (!b)
		return "no such buddy";
	*out = buddy_object(b);
	return NULL;
}

static const char *cmd_get_info(JsonObject *c, JsonObject **out)
{
	char *uri;

	(void) out;
	if (!arg(c, "name"))
		return "get-info needs name";
	uri = with_scheme(arg(c, "name"));
	serv_get_info(purple_account_get_connection(account), uri);
	g_free(uri);
	return NULL;
}

static const char *cmd_set_status(JsonObject *c, JsonObject **out)
{
	const char *id = arg(c, "status"), *message = arg(c, "message");

	(void) out;
	if (!id || !purple_account_get_status_type(account, id))
		return "no such status (available, busy, do-not-disturb, be-right-back, away, invisible)";
	if (message)
		purple_account_set_status(account, id, TRUE, "message", message, NULL);
	else
		purple_account_set_status(account, id, TRUE, NULL);
	return NULL;
}

static const char *cmd_send_im(JsonObject *c, JsonObject **out)
{
	const char *to = arg(c, "to"), *text = arg(c, "text"), *html = arg(c, "html");
	char *uri, *escaped;

	(void) out;
	if (!to || (!text && !html))
		return "send-im needs to, and text or html";
	uri = with_scheme(to);
	escaped = html ? g_strdup(html) : g_markup_escape_text(text, -1);
	purple_conv_im_send(PURPLE_CONV_IM(im_with(uri, TRUE)), escaped);
	g_free(escaped);
	g_free(uri);
	return NULL;
}

static const char *cmd_close_im(JsonObject *c, JsonObject **out)
{
	PurpleConversation *conv;
	char *uri;

	(void) out;
	if (!arg(c, "to"))
		return "close-im needs to";
	uri = with_scheme(arg(c, "to"));
	conv = im_with(uri, FALSE);
	g_free(uri);
	if (!conv)
		return "no such conversation";
	purple_conversation_destroy(conv);
	return NULL;
}

static const char *cmd_typing(JsonObject *c, JsonObject **out)
{
	const char *state = arg(c, "state");
	char *uri;

	(void) out;
	if (!arg(c, "to"))
		return "typing needs to";
	uri = with_scheme(arg(c, "to"));
	serv_send_typing(purple_account_get_connection(account), uri,
			 g_strcmp0(state, "stopped") == 0 ? PURPLE_NOT_TYPING :
			 g_strcmp0(state, "typed") == 0 ? PURPLE_TYPED : PURPLE_TYPING);
	g_free(uri);
	return NULL;
}

/* Menus.  A label matches when it starts with the wanted text. */

static void list_menu(GList *menu, const char *prefix, JsonArray *out)
{
	for (; menu; menu = menu->next) {
		PurpleMenuAction *act = menu->data;
		char *label;
		if (!act)
			continue;
		label = g_strdup_printf("%s%s", prefix, act->label ? act->label : "");
		json_array_add_string_element(out, label);
		if (act->children) {
			char *deeper = g_strdup_printf("%s > ", label);
			list_menu(act->children, deeper, out);
			g_free(deeper);
		}
		g_free(label);
	}
}

static gboolean fire_menu(GList *menu, const char *label, PurpleBlistNode *node)
{
	for (; menu; menu = menu->next) {
		PurpleMenuAction *act = menu->data;
		if (!act)
			continue;
		if (act->callback && act->label && g_str_has_prefix(act->label, label)) {
			((void (*)(PurpleBlistNode *, gpointer)) act->callback)(node, act->data);
			return TRUE;
		}
		if (act->children && fire_menu(act->children, label, node))
			return TRUE;
	}
	return FALSE;
}

static const char *node_menu(PurpleBlistNode *node, const char *label, JsonObject **out)
{
	PurplePluginProtocolInfo *info = PURPLE_PLUGIN_PROTOCOL_INFO(purple_find_prpl(PRPL_ID));
	GList *menu = info->blist_node_menu(node);
	const char *error = NULL;

	if (label) {
		if (!fire_menu(menu, label, node))
			error = "no such menu entry";
	} else {
		JsonArray *arr = json_array_new();
		list_menu(menu, "", arr);
		*out = json_object_new();
		json_object_set_array_member(*out, "menu", arr);
	}
	g_list_free(menu);   /* the entries themselves leak: a probe is short-lived */
	return error;
}

static const char *cmd_buddy_menu(JsonObject *c, JsonObject **out)
{
	PurpleBuddy *b;
	char *uri;

	if (!arg(c, "name"))
		return "buddy-menu needs name";
	uri = with_scheme(arg(c, "name"));
	b = purple_find_buddy(account, uri);
	g_free(uri);
	return b ? node_menu((PurpleBlistNode *) b, arg(c, "label"), out) : "no such buddy";
}

static const char *cmd_chat_menu(JsonObject *c, JsonObject **out)
{
	PurpleConversation *conv = chat_by_name(arg(c, "chat"));
	GHashTable *components;
	PurpleChat *node;

	if (!conv)
		return "no such chat";
	components = g_hash_table_new(g_str_hash, g_str_equal);
	g_hash_table_insert(components, CHAT_COMPONENT_KEY, conv);
	node = purple_chat_new(account, conv_name(conv), components);
	return node_menu((PurpleBlistNode *) node, arg(c, "label"), out);
}

static const char *cmd_start_conference(JsonObject *c, JsonObject **out)
{
	const char *with = arg(c, "with");
	PurpleBuddy *b;
	char *uri;

	if (!with)
		return "start-conference needs with";
	uri = with_scheme(with);
	b = purple_find_buddy(account, uri);
	g_free(uri);
	if (!b)
		return "start-conference: not in the buddy list (SIPE offers it on a buddy's menu only)";
	return node_menu((PurpleBlistNode *) b, "New chat", out);
}

static const char *cmd_invite(JsonObject *c, JsonObject **out)
{
	PurpleConversation *conv = chat_by_name(arg(c, "chat"));
	const char *who = arg(c, "who");
	char *uri;

	(void) out;
	if (!conv)
		return "no such chat";
	if (!who)
		return "invite needs who";
	uri = with_scheme(who);
	serv_chat_invite(purple_account_get_connection(account),
			 purple_conv_chat_get_id(PURPLE_CONV_CHAT(conv)), "", uri);
	g_free(uri);
	return NULL;
}

static const char *cmd_send_chat(JsonObject *c, JsonObject **out)
{
	PurpleConversation *conv = chat_by_name(arg(c, "chat"));
	const char *text = arg(c, "text"), *html = arg(c, "html");
	char *escaped;

	(void) out;
	if (!conv)
		return "no such chat";
	if (!text && !html)
		return "send-chat needs text or html";
	escaped = html ? g_strdup(html) : g_markup_escape_text(text, -1);
	purple_conv_chat_send(PURPLE_CONV_CHAT(conv), escaped);
	g_free(escaped);
	return NULL;
}

static const char *cmd_roster(JsonObject *c, JsonObject **out)
{
	PurpleConversation *conv = chat_by_name(arg(c, "chat"));

	if (!conv)
		return "no such chat";
	*out = json_object_new();
	json_object_set_string_member(*out, "chat", conv_name(conv));
	json_object_set_array_member(*out, "users", roster_array(conv));
	return NULL;
}

static const char *cmd_list_chats(JsonObject *c, JsonObject **out)
{
	JsonArray *arr = json_array_new();
	GList *l;

	(void) c;
	for (l = purple_get_chats(); l; l = l->next) {
		JsonObject *o = json_object_new();
		json_object_set_string_member(o, "chat", conv_name(l->data));
		json_object_set_boolean_member(o, "left", purple_conv_chat_has_left(PURPLE_CONV_CHAT(l->data)));
		json_object_set_array_member(o, "users", roster_array(l->data));
		json_array_add_object_element(arr, o);
	}
	*out = json_object_new();
	json_object_set_array_member(*out, "chats", arr);
	return NULL;
}

static const char *cmd_leave(JsonObject *c, JsonObject **out)
{
	PurpleConversation *conv = chat_by_name(arg(c, "chat"));

	(void) out;
	if (!conv)
		return "no such chat";
	purple_conversation_destroy(conv);   /* what closing the chat window does */
	return NULL;
}

/* Protocol actions (the account menu) */
static const char *cmd_actions(JsonObject *c, JsonObject **out)
{
	PurpleConnection *gc = purple_account_get_connection(account);
	PurplePlugin *plugin = purple_connection_get_prpl(gc);
	GList *all = PURPLE_PLUGIN_ACTIONS(plugin, gc), *l;
	const char *label = arg(c, "label");
	const char *error = label ? "no such action" : NULL;
	JsonArray *arr = json_array_new();

	for (l = all; l; l = l->next) {
		PurplePluginAction *act = l->data;
		if (!act)
			continue;
		json_array_add_string_element(arr, act->label);
		if (label && error && g_str_has_prefix(act->label, label)) {
			act->plugin = plugin;
			act->context = gc;
			act->callback(act);
			error = NULL;
		}
		purple_plugin_action_free(act);
	}
	g_list_free(all);
	*out = json_object_new();
	json_object_set_array_member(*out, "actions", arr);
	return error;
}

static struct request *find_request(JsonObject *c)
{
	GHashTableIter it;
	gpointer key, value;
	struct request *newest = NULL;

	if (json_object_has_member(c, "request"))
		return g_hash_table_lookup(requests, GUINT_TO_POINTER((guint) arg_number(c, "request", 0)));
	g_hash_table_iter_init(&it, requests);
	while (g_hash_table_iter_next(&it, &key, &value)) {
		struct request *r = value;
		if (!newest || r->id > newest->id)
			newest = r;
	}
	return newest;
}

static void fill_fields(struct request *r, JsonObject *values)
{
	GList *keys = json_object_get_members(values), *k;

	for (k = keys; k; k = k->next) {
		PurpleRequestField *f = purple_request_fields_exists(r->fields, k->data) ?
			purple_request_fields_get_field(r->fields, k->data) : NULL;
		JsonNode *v = json_object_get_member(values, k->data);
		if (!f)
			continue;
		switch (purple_request_field_get_type(f)) {
		case PURPLE_REQUEST_FIELD_STRING:
			purple_request_field_string_set_value(f, json_node_get_string(v));
			break;
		case PURPLE_REQUEST_FIELD_INTEGER:
			purple_request_field_int_set_value(f, json_node_get_int(v));
			break;
		case PURPLE_REQUEST_FIELD_BOOLEAN:
			purple_request_field_bool_set_value(f, json_node_get_boolean(v));
			break;
		case PURPLE_REQUEST_FIELD_CHOICE:
			purple_request_field_choice_set_value(f, json_node_get_int(v));
			break;
		default:
			break;
		}
	}
	g_list_free(keys);
}

static const char *cmd_answer(JsonObject *c, JsonObject **out)
{
	struct request *r = find_request(c);
	gboolean cancel = json_object_has_member(c, "cancel") && json_object_get_boolean_member(c, "cancel");

	(void) out;
	if (!r)
		return "no such request";
	switch (r->type) {
	case PURPLE_REQUEST_ACTION:
		request_answer_action(r, cancel ? r->callbacks->len - 1 : (guint) arg_number(c, "action", 0));
		return NULL;
	case PURPLE_REQUEST_FIELDS:
		if (json_object_has_member(c, "fields"))
			fill_fields(r, json_object_get_object_member(c, "fields"));
		if (cancel && r->cancel)
			((PurpleRequestFieldsCb) r->cancel)(r->data, r->fields);
		else if (!cancel && r->ok)
			((PurpleRequestFieldsCb) r->ok)(r->data, r->fields);
		purple_request_close(r->type, r);
		return NULL;
	case PURPLE_REQUEST_INPUT:
		if (cancel && r->cancel)
			((PurpleRequestInputCb) r->cancel)(r->data, "");
		else if (!cancel && r->ok)
			((PurpleRequestInputCb) r->ok)(r->data, arg(c, "text") ? arg(c, "text") : "");
		purple_request_close(r->type, r);
		return NULL;
	default:
		return "that kind of request cannot be answered";
	}
}

/*
 * A text conference is joined by SIPE without a question.  An invitation to an
 * audio conference is a question ("Accept"/"Decline"): accept-invite answers it.
 */
static const char *cmd_accept_invite(JsonObject *c, JsonObject **out)
{
	return cmd_answer(c, out);
}

static const char *cmd_join_conference(JsonObject *c, JsonObject **out)
{
	JsonObject *press = json_object_new(), *ans = json_object_new(), *fields = json_object_new();
	const char *error;

	json_object_set_string_member(press, "label", "Join scheduled conference");
	error = cmd_actions(press, out);
	json_object_unref(press);
	g_clear_pointer(out, json_object_unref);
	if (!error) {
		if (arg(c, "location"))
			json_object_set_string_member(fields, "meetingLocation", arg(c, "location"));
		if (arg(c, "organizer"))
			json_object_set_string_member(fields, "meetingOrganizer", arg(c, "organizer"));
		if (arg(c, "meeting_id"))
			json_object_set_string_member(fields, "meetingID", arg(c, "meeting_id"));
		json_object_set_object_member(ans, "fields", json_object_ref(fields));
		error = cmd_answer(ans, out);
	}
	json_object_unref(ans);
	json_object_unref(fields);
	return error;
}

static const char *cmd_mark(JsonObject *c, JsonObject **out)
{
	(void) out;
	fprintf(stderr, "%9.3f [mark] %s\n", (g_get_monotonic_time() - t_start) / 1e6,
		arg(c, "text") ? arg(c, "text") : "");
	return NULL;
}

static const struct {
	const char *name;
	const char *(*run)(JsonObject *cmd, JsonObject **out);
	gboolean    online;
} commands[] = {
	{ "signin",           cmd_signin,           FALSE },
	{ "signout",          cmd_signout,          FALSE },
	{ "add-buddy",        cmd_add_buddy,        TRUE  },
	{ "remove-buddy",     cmd_remove_buddy,     TRUE  },
	{ "remove-group",     cmd_remove_group,     TRUE  },
	{ "list-buddies",     cmd_list_buddies,     TRUE  },
	{ "get-status",       cmd_get_status,       TRUE  },
	{ "get-info",         cmd_get_info,         TRUE  },
	{ "set-status",       cmd_set_status,       TRUE  },
	{ "send-im",          cmd_send_im,          TRUE  },
	{ "close-im",         cmd_close_im,         TRUE  },
	{ "typing",           cmd_typing,           TRUE  },
	{ "start-conference", cmd_start_conference, TRUE  },
	{ "join-conference",  cmd_join_conference,  TRUE  },
	{ "invite",           cmd_invite,           TRUE  },
	{ "accept-invite",    cmd_accept_invite,    TRUE  },
	{ "send-chat",        cmd_send_chat,        TRUE  },
	{ "roster",           cmd_roster,           TRUE  },
	{ "list-chats",       cmd_list_chats,       TRUE  },
	{ "leave",            cmd_leave,            TRUE  },
	{ "buddy-menu",       cmd_buddy_menu,       TRUE  },
	{ "chat-menu",        cmd_chat_menu,        TRUE  },
	{ "actions",          cmd_actions,          TRUE  },
	{ "answer",           cmd_answer,           FALSE },
	{ "mark",             cmd_mark,             FALSE },
};

static GQueue  *queue;       /* JsonObject *, commands not yet run */
static gboolean sleeping;

static gboolean sleep_done(gpointer data)
{
	sleeping = FALSE;
	reply(data, NULL, NULL);
	g_free(data);
	pump_commands();
	return FALSE;
}

static void start_wait(JsonObject *c)
{
	double timeout = arg_number(c, "timeout", 30);
	gboolean fresh = json_object_has_member(c, "fresh") && json_object_get_boolean_member(c, "fresh");
	GList *l;

	waiting.active = TRUE;
	waiting.id = g_strdup(arg(c, "id"));
	waiting.event = g_strdup(arg(c, "for") ? arg(c, "for") : "");
	waiting.match = json_object_has_member(c, "match") ?
		json_object_ref(json_object_get_object_member(c, "match")) : NULL;
	if (!fresh) {
		for (l = history->head; l; l = l->next) {
			JsonObject *ev = l->data;
			guint64 n = json_object_get_int_member(ev, "seq");
			if (n > wait_cursor && event_matches(ev)) {
				wait_cursor = n;
				wait_done(NULL, ev);
				return;
			}
		}
	}
	waiting.timer = g_timeout_add((guint) (timeout * 1000), wait_timeout, NULL);
}

static void do_quit(void)
{
	if (quitting)
		return;
	quitting = TRUE;
	if (account && !purple_account_is_disconnected(account))
		purple_account_disconnect(account);
	g_main_loop_quit(loop);
}

static void run_command(JsonObject *c)
{
	const char *name = arg(c, "cmd"), *id = arg(c, "id"), *error;
	JsonObject *out = NULL;
	guint i;

	if (!name) {
		reply(id, "no cmd", NULL);
		return;
	}
	if (strcmp(name, "wait-for") == 0) {
		start_wait(c);
		return;
	}
	if (strcmp(name, "sleep") == 0) {
		sleeping = TRUE;
		g_timeout_add((guint) (arg_number(c, "seconds", 1) * 1000), sleep_done, g_strdup(id));
		return;
	}
	if (strcmp(name, "quit") == 0) {
		reply(id, NULL, NULL);
		do_quit();
		return;
	}
	for (i = 0; i < G_N_ELEMENTS(commands); i++) {
		if (strcmp(name, commands[i].name) != 0)
			continue;
		error = commands[i].online ? need_connection() : NULL;
		if (!error)
			error = commands[i].run(c, &out);
		reply(id, error, out);
		return;
	}
	reply(id, "unknown cmd", NULL);
}

static void pump_commands(void)
{
	while (!waiting.active && !sleeping && !quitting && !g_queue_is_empty(queue)) {
		JsonObject *c = g_queue_pop_head(queue);
		run_command(c);
		json_object_unref(c);
	}
}

static void queue_line(const char *line)
{
	JsonParser *parser;
	GError *err = NULL;

	while (g_ascii_isspace(*line))
		line++;
	if (!*line || *line == '#')
		return;
	parser = json_parser_new();
	if (!json_parser_load_from_data(parser, line, -1, &err)) {
		reply(NULL, err->message, NULL);
		g_error_free(err);
	} else if (!json_parser_get_root(parser) || !JSON_NODE_HOLDS_OBJECT(json_parser_get_root(parser))) {
		reply(NULL, "a command is a JSON object", NULL);
	} else {
		g_queue_push_tail(queue, json_object_ref(json_node_get_object(json_parser_get_root(parser))));
	}
	g_object_unref(parser);
}

static gboolean stdin_ready(GIOChannel *ch, GIOCondition cond, gpointer unused)
{
	static GString *buf;
	char chunk[4096];
	gssize n;
	char *nl;

	(void) ch; (void) cond; (void) unused;
	if (!buf)
		buf = g_string_new(NULL);
	n = read(0, chunk, sizeof chunk);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return TRUE;
	if (n > 0)
		g_string_append_len(buf, chunk, n);
	while ((nl = strchr(buf->str, '\n')) != NULL) {
		*nl = '\0';
		queue_line(buf->str);
		g_string_erase(buf, 0, nl - buf->str + 1);
	}
	if (n <= 0) {
		JsonObject *quit = json_object_new();
		if (buf->len)
			queue_line(buf->str);
		json_object_set_string_member(quit, "cmd", "quit");
		g_queue_push_tail(queue, quit);
	}
	pump_commands();
	return n > 0;
}

/* --------------------------------------------------------------------- main */

static void ui_prefs_init(void) { }
static void debug_ui_init(void) { }

static void ui_init(void)
{
	purple_conversations_set_ui_ops(&conv_ops);
	purple_notify_set_ui_ops(&notify_ops);
	purple_request_set_ui_ops(&request_ops);
	purple_connections_set_ui_ops(&conn_ops);
	purple_accounts_set_ui_ops(&account_ops);
	purple_dnsquery_set_ui_ops(&dns_ops);
	purple_srv_txt_query_set_ui_ops(&srv_ops);
}

static void ui_quit(void) { }

static PurpleCoreUiOps core_ops = {
	.ui_prefs_init = ui_prefs_init,
	.debug_ui_init = debug_ui_init,
	.ui_init       = ui_init,
	.quit          = ui_quit,
};

static void remove_tree(const char *path)
{
	GDir *d = g_dir_open(path, 0, NULL);
	const char *name;

	if (d) {
		while ((name = g_dir_read_name(d)) != NULL) {
			char *full = g_build_filename(path, name, NULL);
			if (g_file_test(full, G_FILE_TEST_IS_DIR) && !g_file_test(full, G_FILE_TEST_IS_SYMLINK))
				remove_tree(full);
			else
				g_unlink(full);
			g_free(full);
		}
		g_dir_close(d);
	}
	g_rmdir(path);
}

static gboolean term_signal(gpointer unused)
{
	(void) unused;
	do_quit();
	return FALSE;
}

static PurplePlugin *load_sipe(void)
{
	purple_plugins_probe(G_MODULE_SUFFIX);
	if (opt_plugin) {
		PurplePlugin *p = purple_plugin_probe(opt_plugin);
		if (p)
			purple_plugin_load(p);
	}
	return purple_find_prpl(PRPL_ID);
}

int main(int argc, char **argv)
{
	GOptionEntry entries[] = {
		{ "dir", 0, 0, G_OPTION_ARG_FILENAME, &opt_dir, "libpurple user directory to use and keep (default: a temporary one)", "DIR" },
		{ "local-ip", 0, 0, G_OPTION_ARG_STRING, &opt_local_ip, "loopback source address, e.g. 127.0.0.2: a second device of the same user", "ADDR" },
		{ "resolve", 0, 0, G_OPTION_ARG_STRING_ARRAY, &opt_resolve, "answer look-ups of NAME with a loopback ADDR", "NAME=ADDR" },
		{ "plugin", 0, 0, G_OPTION_ARG_FILENAME, &opt_plugin, "load this SIPE plugin file", "FILE" },
		{ "sip-events", 0, 0, G_OPTION_ARG_NONE, &opt_sip_events, "one \"sip\" event per SIP message", NULL },
		{ "no-log", 0, 0, G_OPTION_ARG_NONE, &opt_quiet_log, "no debug log on stderr", NULL },
		{ "accept-all", 0, 0, G_OPTION_ARG_NONE, &opt_answer_requests, "answer every question with its first choice", NULL },
		{ "stock-xml", 0, 0, G_OPTION_ARG_NONE, &opt_stock_xml, "leave out the repair of SIPE's XML parsing (see README.md)", NULL },
		{ "stock-read", 0, 0, G_OPTION_ARG_NONE, &opt_stock_read, "leave out the repair of SIPE's reading (see README.md)", NULL },
		{ "stock-write", 0, 0, G_OPTION_ARG_NONE, &opt_stock_write, "leave out the repair of libpurple's sending (see README.md)", NULL },
		{ "reject-certs", 0, G_OPTION_FLAG_REVERSE, G_OPTION_ARG_NONE, &opt_accept_certs, "do not accept unknown TLS certificates", NULL },
		{ NULL, 0, 0, 0, NULL, NULL, NULL }
	};
	GOptionContext *ctx = g_option_context_new("- headless libpurple client for SIPE");
	GError *err = NULL;
	PurplePlugin *sipe;
	PurpleSavedStatus *saved;
	GIOChannel *in;
	JsonObject *ev;
	int rc = 0;

	setlocale(LC_ALL, "C.UTF-8");    /* untranslated menus; SIPE's NTLM uses the locale's charset */
	g_setenv("LC_ALL", "C.UTF-8", TRUE);
	g_setenv("DBUS_SESSION_BUS_ADDRESS", "disabled:", TRUE);
	g_option_context_add_main_entries(ctx, entries, NULL);
	if (!g_option_context_parse(ctx, &argc, &argv, &err)) {
		fprintf(stderr, "%s\n", err->message);
		return 2;
	}
	signal(SIGPIPE, SIG_IGN);
	t_start = g_get_monotonic_time();
	out_fd = fcntl(1, F_DUPFD_CLOEXEC, 10);
	dup2(2, 1);                      /* nothing but our own lines reaches stdout */
	setvbuf(stderr, NULL, _IOLBF, 0);
	history = g_queue_new();
	queue = g_queue_new();
	lookups = g_hash_table_new(NULL, NULL);
	requests = g_hash_table_new(NULL, NULL);
	if (!opt_dir) {
		opt_dir = g_dir_make_tmp("sipe-probe-XXXXXX", &err);
		if (!opt_dir) {
			fprintf(stderr, "%s\n", err->message);
			return 2;
		}
		own_dir = TRUE;
	}

	purple_util_set_user_dir(opt_dir);
	purple_debug_set_enabled(FALSE);          /* that one would print to stdout */
	purple_debug_set_ui_ops(&debug_ops);
	purple_debug_set_verbose(TRUE);
	purple_debug_set_unsafe(TRUE);            /* SIPE logs whole messages only then */
	purple_core_set_ui_ops(&core_ops);
	purple_eventloop_set_ui_ops(&loop_ops);
	loop = g_main_loop_new(NULL, FALSE);
	if (!purple_core_init(UI_ID)) {
		fprintf(stderr, "libpurple did not start\n");
		return 2;
	}
	purple_set_blist(purple_blist_new());
	purple_prefs_load();
	purple_prefs_set_bool("/purple/logging/log_ims", FALSE);
	purple_prefs_set_bool("/purple/logging/log_chats", FALSE);
	purple_prefs_set_bool("/purple/logging/log_system", FALSE);
	purple_prefs_set_bool("/purple/network/auto_ip", FALSE);
	purple_prefs_set_bool("/purple/network/map_ports", FALSE);
	purple_prefs_set_string("/purple/away/idle_reporting", "none");
	purple_prefs_set_bool("/purple/away/away_when_idle", FALSE);

	sipe = load_sipe();
	if (!sipe) {
		fprintf(stderr, "the SIPE plugin (%s) was not found; install pidgin-sipe or use --plugin\n", PRPL_ID);
		rc = 2;
		goto out;
	}
	connect_signals();
	saved = purple_savedstatus_new(NULL, PURPLE_STATUS_AVAILABLE);
	purple_savedstatus_activate(saved);

	in = g_io_channel_unix_new(0);
	g_io_add_watch(in, G_IO_IN | G_IO_HUP | G_IO_ERR, stdin_ready, NULL);
	g_timeout_add(0, pump_later, NULL);
	g_unix_signal_add(SIGTERM, term_signal, NULL);
	g_unix_signal_add(SIGINT, term_signal, NULL);
	ev = event_new("ready", "purple", purple_core_get_version(), "sipe", sipe->info->version, NULL);
	emit(ev);
	g_main_loop_run(loop);
out:
	purple_signals_disconnect_by_handle(&sig_handle);
	fflush(stderr);
	if (own_dir)
		remove_tree(opt_dir);
	/* no purple_core_quit(): it would unload the plugins, and nothing here outlives the process */
	_exit(rc);
}
