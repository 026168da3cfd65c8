// Ours: opens Swagger UI on our own document. A file of its own, because inline scripts are not allowed.
SwaggerUIBundle({ url: "/openapi.json", dom_id: "#swagger-ui", deepLinking: true, tryItOutEnabled: true });
