namespace P2PCloud.Gateway;

/// <summary>Headers on every answer: a shared file that somebody opens in a browser is never run as a page of this site.</summary>
internal static class SecurityHeaders
{
    public static void UseSecurityHeaders(this IApplicationBuilder app) => app.Use((http, next) =>
    {
        http.Response.OnStarting(() =>
        {
            var headers = http.Response.Headers;
            headers.XContentTypeOptions = "nosniff";
            headers["Referrer-Policy"] = "no-referrer";
            if (headers.ContentSecurityPolicy.Count == 0)
            {
                headers.ContentSecurityPolicy = "default-src 'none'; sandbox; frame-ancestors 'none'";
            }

            return Task.CompletedTask;
        });
        return next(http);
    });
}
