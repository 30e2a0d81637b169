/* The words of TN3270E that both ends speak: the server (tn3270.c) and the terminal
 * (term/tn_client.c).  RFC 2355, sections 7, 8 and 10. */
#ifndef CONSOLES_TN3270E_H
#define CONSOLES_TN3270E_H

#define OPTION_TN3270E 40
#define TN3270E_HEADER 5 /* bytes before the data of each record */

/* In subnegotiations. */
enum tn3270e_word {
    WORD_ASSOCIATE = 0,
    WORD_CONNECT = 1,
    WORD_DEVICE_TYPE = 2,
    WORD_FUNCTIONS = 3,
    WORD_IS = 4,
    WORD_REASON = 5,
    WORD_REJECT = 6,
    WORD_REQUEST = 7,
    WORD_SEND = 8,
};

/* Those that we know; each is a bit of a set. */
enum tn3270e_function { FUNCTION_BIND_IMAGE = 0, FUNCTION_RESPONSES = 2, FUNCTION_SYSREQ = 4 };
#define FUNCTIONS_KNOWN                                                                            \
    (1u << FUNCTION_BIND_IMAGE | 1u << FUNCTION_RESPONSES | 1u << FUNCTION_SYSREQ)

/* What a record is. */
enum tn3270e_data {
    DATA_3270 = 0,
    DATA_RESPONSE = 2,
    DATA_BIND = 3,
    DATA_UNBIND = 4,
    DATA_NVT = 5,
    DATA_SSCP_LU = 7,
};

/* What answer a record wants: only that it failed, or any; and what an answer says. */
enum tn3270e_response { NO_RESPONSE = 0, ERROR_RESPONSE = 1, ALWAYS_RESPONSE = 2 };
#define POSITIVE_RESPONSE 0
#define NEGATIVE_RESPONSE 1

#endif
