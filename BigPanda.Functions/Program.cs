using BigPanda.Functions;
using BigPanda.Functions.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;

var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.Use(next => async context =>
{
    var http = context.GetHttpContext();
    if (http is not null) ResponseHeaders.Set(http.Response);
    try
    {
        await next(context);
    }
    catch (BadHttpRequestException e) when (http is { Response.HasStarted: false })
    {
        await Problems.Unreadable(e.StatusCode).With(e.Message).ExecuteAsync(http);
    }
});
builder.Services.AddBigPanda(builder.Configuration);
var app = builder.Build();
app.Services.CheckConnections();
await app.RunAsync();
