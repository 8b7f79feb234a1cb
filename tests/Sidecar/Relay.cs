using Microsoft.AspNetCore.Http;

namespace P2PCloud.Sidecar;

/// <summary>One HTTP request onward and its answer back, both streamed.</summary>
internal static class Relay
{
    /// <summary>The request as it goes on.</summary>
    public static HttpRequestMessage Onward(HttpRequest request, string address, string path, HttpContent? content)
    {
        var uri = new Uri($"{address.TrimEnd('/')}{new PathString(path).ToUriComponent()}{request.QueryString}");
        var message = new HttpRequestMessage(new HttpMethod(request.Method), uri) { Content = content };
        Headers.Copy(request, message);
        return message;
    }

    /// <summary>The answer, each piece as it comes.</summary>
    public static async Task BackAsync(HttpResponseMessage answer, HttpContext http)
    {
        http.Response.StatusCode = (int)answer.StatusCode;
        Headers.Copy(answer, http.Response);
        await using var body = await answer.Content.ReadAsStreamAsync(http.RequestAborted);
        var buffer = new byte[2048];
        for (int read; (read = await body.ReadAsync(buffer, http.RequestAborted)) > 0;)
        {
            await http.Response.Body.WriteAsync(buffer.AsMemory(0, read), http.RequestAborted);
            await http.Response.Body.FlushAsync(http.RequestAborted);
        }
    }
}
