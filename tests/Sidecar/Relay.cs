using Microsoft.AspNetCore.Http;

namespace P2PCloud.Sidecar;

/// <summary>One HTTP request onward and its answer back, both streamed.</summary>
internal static class Relay
{
    /// <summary>The request as it goes on.</summary>
    /// <param name="request">As it came.</param>
    /// <param name="address">Base address of the next hop.</param>
    /// <param name="path">Decoded: what looks encoded in it was meant so.</param>
    /// <param name="content">Its body; null when there is none.</param>
    public static HttpRequestMessage Onward(HttpRequest request, string address, string path, HttpContent? content)
    {
        var encoded = string.Join('/', path.Split('/').Select(Uri.EscapeDataString));
        var message = new HttpRequestMessage(new HttpMethod(request.Method), new Uri($"{address.TrimEnd('/')}{encoded}{request.QueryString}")) { Content = content };
        Headers.Copy(request, message);
        return message;
    }

    /// <summary>The answer, each piece as it comes. Nothing of it is taken over before its first piece is there: that may fail, and another answer be given.</summary>
    public static async Task BackAsync(HttpResponseMessage answer, HttpContext http, CancellationToken cancellationToken)
    {
        await using var body = await answer.Content.ReadAsStreamAsync(cancellationToken);
        var buffer = new byte[2048];
        var read = await body.ReadAsync(buffer, cancellationToken);
        http.Response.StatusCode = (int)answer.StatusCode;
        Headers.Copy(answer, http.Response);
        for (; read > 0; read = await body.ReadAsync(buffer, cancellationToken))
        {
            await http.Response.Body.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            await http.Response.Body.FlushAsync(cancellationToken);
        }
    }
}
