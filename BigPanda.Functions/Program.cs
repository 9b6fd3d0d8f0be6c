using BigPanda.Functions;
using BigPanda.Functions.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;

var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.Use(next => context =>
{
    if (context.GetHttpContext() is { } http) ResponseHeaders.Set(http.Response);
    return next(context);
});
builder.Services.AddBigPanda(builder.Configuration);
var app = builder.Build();
app.Services.CheckConnections();
await app.RunAsync();
