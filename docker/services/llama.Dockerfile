# Le serveur d’IA hébergé par nous : Python, llama.cpp, le modèle et son lanceur. Ni shell ni réseau sortant.
FROM scratch
ADD base.tar /
COPY llama /opt/llama
ENV PYTHONPATH=/opt/llama/packages PYTHONDONTWRITEBYTECODE=1
# Un réseau privé : seuls les services qui le partagent l’atteignent, avec la clé.
ENV LLAMA_HOST=0.0.0.0
USER 10001:10001
EXPOSE 8089
ENTRYPOINT ["/usr/bin/python3", "/opt/llama/serve"]
